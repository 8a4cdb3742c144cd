import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinnedToOneCore } from './process.ts'

/**
 * Time and peak memory of whole commands over more and more rows, each in a process of its own on one core. The rows are
 * the example's 512 digits over and over: they are read, attacked and judged like any others. Arguments: names of
 * commands, all without. ROWS: other row counts, with commas between them.
 */
const digits = 'examples/digits'
const rowCounts = (process.env.ROWS ?? '1000,4000,16000,60000').split(',').map(Number)
const folder = mkdtempSync(join(tmpdir(), 'bartizan-scaling-'))
const node = [
  ...pinnedToOneCore,
  process.execPath,
  '--import',
  'tsx',
  '--import',
  './bench/peak-memory.ts',
  'src/cli/main.ts',
]

interface RowFiles {
  readonly images: string
  readonly labels: string
}

const onDigits = ({ images, labels }: RowFiles): readonly string[] => [
  '--model',
  `${digits}/digits.onnx`,
  '--data',
  images,
  '--labels',
  labels,
  '--scale',
  '1/255',
]

const attack = (files: RowFiles, name: string, ...more: readonly string[]): readonly string[] => [
  'attack',
  'run',
  name,
  ...onDigits(files),
  '--norm',
  'linf',
  '--eps',
  '0.1',
  ...more,
]

/**
 * One attack, at a budget that breaks most rows, so that its worst examples are sought among many. Curve and flags are
 * measured on the first rows, however many there are.
 */
const configuration = ({ images, labels }: RowFiles): string => `
model: { path: digits.onnx, input: { range: [0, 1], units: byte/255 } }
data: { path: ${images}, labels: ${labels}, scale: 1/255 }
threat: { norms: [{ norm: linf, epsilon: [0.3] }] }
battery: [{ attack: fgsm }]
`

const commands: Readonly<Record<string, (files: RowFiles) => readonly string[]>> = {
  predict: (files) => ['predict', ...onDigits(files), '--threads', '1', '--json', '-'],
  fgsm: (files) => attack(files, 'fgsm', '--threads', '1', '--json', '-'),
  'pgd, 2 steps': (files) => attack(files, 'pgd', '--set', 'steps=2', '--threads', '1', '--json', '-'),
  assess(files) {
    copyFileSync(`${digits}/digits.onnx`, join(folder, 'digits.onnx'))
    const config = join(folder, 'bartizan.yaml')
    writeFileSync(config, configuration(files))
    return ['assess', config, '--threads', '1', '--json', '-']
  },
}

/** An IDX file of so many rows: those of `source`, from the first again after the last. */
const repeatRows = (source: string, rows: number): string => {
  const bytes = readFileSync(source)
  const start = 4 + 4 * bytes[3]!
  const stored = bytes.readUInt32BE(4)
  const size = (bytes.length - start) / stored
  const header = Buffer.from(bytes.subarray(0, start))
  header.writeUInt32BE(rows, 4)
  const path = join(folder, `${rows}-idx${bytes[3]}-ubyte`)
  const row = (i: number): Buffer => bytes.subarray(start + (i % stored) * size, start + ((i % stored) + 1) * size)
  writeFileSync(path, Buffer.concat([header, ...Array.from({ length: rows }, (_, i) => row(i))]))
  return path
}

interface Measured {
  readonly rows: number
  readonly seconds: number
  readonly peakMiB: number
}

const measure = (name: string, rows: number): Measured => {
  const files = {
    images: repeatRows(`${digits}/images-idx3-ubyte`, rows),
    labels: repeatRows(`${digits}/labels-idx1-ubyte`, rows),
  }
  const [program, ...args] = [...node, ...commands[name]!(files)]
  const start = performance.now()
  const { status, output } = spawnSync(program!, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`${name} on ${rows} rows ended with status ${status}: ${output[2]}`)
  return { rows, seconds, peakMiB: Number(output[3]) / 1024 }
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const chosen = process.argv.slice(2)
print('| command | rows | seconds | µs a row | µs a further row | peak MiB | bytes a further row |')
print('| ------- | ---- | ------- | -------- | ---------------- | -------- | ------------------- |')
try {
  for (const name of Object.keys(commands).filter((key) => chosen.length === 0 || chosen.includes(key))) {
    let before: Measured | undefined
    for (const rows of rowCounts) {
      const now = measure(name, rows)
      const { seconds, peakMiB } = now
      const slope = (of: (point: Measured) => number): string =>
        before ? ((of(now) - of(before)) / (rows - before.rows)).toFixed(0) : '–'
      const further = [slope((point) => point.seconds * 1e6), slope((point) => point.peakMiB * 2 ** 20)]
      const [time, memory] = further
      const share = ((seconds / rows) * 1e6).toFixed(0)
      print(`| ${name} | ${rows} | ${seconds.toFixed(2)} | ${share} | ${time} | ${peakMiB.toFixed(0)} | ${memory} |`)
      before = now
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
