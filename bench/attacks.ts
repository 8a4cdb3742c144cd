import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attacks } from '../src/attacks/index.ts'
import { openData, readNpz, writeNpz } from '../src/data/index.ts'
import { type Classifier, openClassifier } from '../src/models/classifier.ts'
import { readModel } from '../src/onnx/read.ts'
import { median } from '../src/stats/index.ts'
import { distances, isNorm } from '../src/threat/norm.ts'
import { runAttack } from '../src/threat/runner.ts'
import { targetOf } from '../src/threat/target.ts'
import { gradientPairs } from './pairs/gradient-pairs.ts'
import { minimalPairs } from './pairs/minimal-pairs.ts'
import type { Pair } from './pairs/pair.ts'
import { queryPairs } from './pairs/query-pairs.ts'
import { lineProcess } from './peers/lines.ts'
import { pinnedToOneCore } from './process.ts'

/**
 * Attacks beside those of ART and foolbox: the same rows, both judged by the same ruler, on one core in turn. Seconds
 * are the processor's. Before the clock starts ours has run once, and the peer has found the batch that it is fastest
 * with. Strength is the share of rows that hold, or the median smallest change, a row that holds being infinitely far.
 *
 * Needs /usr/bin/python3 with torch; ART and foolbox on PYTHONPATH; FASHION_IMAGES and FASHION_LABELS for fashion-resnet.
 * Options: --only TEXT, --rounds N. Prints a markdown table.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '1' },
    pinned: { type: 'boolean' },
  },
})

const folder = values.pinned ? mkdtempSync(join(tmpdir(), 'bartizan-attacks-')) : ''
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

interface Subject {
  readonly model: Classifier
  readonly x: Float32Array
  readonly labels: Int32Array
}

/** Pictures, first rows first. */
const pictures = async (model: string, rows: number) => {
  const set = await openData(
    model.startsWith('fashion')
      ? { path: process.env.FASHION_IMAGES ?? '', labels: process.env.FASHION_LABELS ?? '', scale: 1 / 255 }
      : { path: 'examples/digits/images-idx3-ubyte', labels: 'examples/digits/labels-idx1-ubyte', scale: 1 / 255 },
  )
  const { x, y } = await set.read(0, rows)
  await set.close()
  return { x: x as Float32Array, y: y! }
}

/** Rows of the table that were kept from training, each feature scaled to its range; the low ends and widths of those. */
const tumours = (rows: number) => {
  const [, ...lines] = readFileSync('test/fixtures/data/breast-cancer.csv', 'utf8').trim().split(/\r?\n/)
  const table = lines.map((line) => line.split(','))
  const features = [...table[0]!.keys()].slice(0, 30)
  const low = features.map((at) => Math.min(...table.map((cells) => Number(cells[at]))))
  const width = features.map((at) => Math.max(...table.map((cells) => Number(cells[at]))) - low[at]!)
  const chosen = table.filter((cells) => cells.at(-1) === 'test').slice(0, rows)
  const scaled = chosen.flatMap((cells) => features.map((at) => (Number(cells[at]) - low[at]!) / width[at]!))
  return { x: Float32Array.from(scaled), y: Int32Array.from(chosen, (cells) => Number(cells[30])), low, width }
}

/** The model and its rows, which are written where the peer reads them, as its weights are. */
const prepare = async ({ model: name, rows }: Pair, path: string): Promise<Subject> => {
  const table = name.startsWith('breast') ? tumours(rows) : undefined
  const { x, y } = table ?? (await pictures(name, rows))
  await writeNpz(path, {
    x: { dtype: 'float32', shape: [rows, ...(table ? [30] : [1, 28, 28])], data: x },
    y: { dtype: 'int64', shape: [rows], data: BigInt64Array.from(y, BigInt) },
  })
  const file = `test/fixtures/models/${name}.onnx`
  const { graph } = readModel(readFileSync(file))
  const weights = [...graph.initializers].filter(([, { dtype }]) => dtype === 'float32')
  await writeNpz(join(folder, `${name}-weights.npz`), {
    ...Object.fromEntries(
      weights.map(([at, { dims, data }]) => [at, { dtype: 'float32', shape: dims, data: data as Float32Array }]),
    ),
    ...(table && {
      low: { dtype: 'float32', shape: [30], data: Float32Array.from(table.low) },
      width: { dtype: 'float32', shape: [30], data: Float32Array.from(table.width) },
    }),
  })
  const preprocessing = table && {
    mean: table.low.map((low, at) => -low / table.width[at]!),
    std: table.width.map((width) => 1 / width),
  }
  return { model: await openClassifier(file, { ...(preprocessing && { preprocessing }) }), x, labels: y }
}

const timed = async <T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> => {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { seconds: (user + system) / 1e6, result }
}

/** The share of rows that hold, or the median smallest change with the number of rows broken. */
const strength = async ({ norm, epsilon }: Pair, { model, x, labels }: Subject, adversarial: Float32Array) => {
  const predict = (rows: Float32Array) => targetOf(model, 'labels').predict(rows, labels.length)
  const [clean, after] = [await predict(x), await predict(adversarial)]
  const right = [...labels.keys()].filter((row) => clean[row] === labels[row])
  if (!isNorm(norm) || epsilon < Number.POSITIVE_INFINITY) {
    const held = right.filter((row) => after[row] === labels[row])
    return `${(held.length / labels.length).toFixed(4)} hold`
  }
  const sizes = distances(norm, adversarial, x, model.size)
  const reached = right.map((row) => (after[row] === labels[row] ? Number.POSITIVE_INFINITY : sizes[row]!))
  const broken = reached.filter((size) => size < Number.POSITIVE_INFINITY).length
  return `${median(reached).toPrecision(4)} (${broken}/${right.length})`
}

const compare = async (pair: Pair, peer: ReturnType<typeof lineProcess>): Promise<string> => {
  const rows = join(folder, 'rows.npz')
  const out = join(folder, 'out.npz')
  const subject = await prepare(pair, rows)
  const { model, x, labels } = subject
  const request = {
    attack: attacks.get(pair.attack)!,
    model,
    x,
    labels,
    norm: pair.norm,
    epsilon: pair.epsilon,
    low: 0,
    high: 1,
    ...(pair.parameters && { parameters: pair.parameters }),
  }
  const { library, attack, options, ...more } = pair.peer
  const job = { ...more, library, attack, options, model: pair.model, rows, out }
  let outcome = await runAttack(request)
  let spent = { forward: 0, gradient: 0 }
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const run = await timed(() => runAttack(request))
    outcome = run.result
    ours.push(run.seconds)
    const { cpu, forward, gradient } = await peer.ask(job)
    theirs.push(cpu!)
    spent = { forward: forward!, gradient: gradient! }
  }
  const adversarial = (await readNpz(out)).x!.data as Float32Array
  const ratios = theirs.map((seconds, round) => seconds / ours[round]!)
  const each = (count: number): string => (count / labels.length).toFixed(0)
  const counts = ({ forward, gradient }: Record<'forward' | 'gradient', number>): string =>
    gradient > 0 ? `${each(gradient)} gradients` : `${each(forward)} queries`
  const line = [
    pair.attack,
    `${library} ${attack}`,
    `${pair.model}, ${pair.norm}${pair.epsilon < Number.POSITIVE_INFINITY ? ` ${pair.epsilon}` : ''}, ${pair.rows}`,
    `${await strength(pair, subject, outcome.adversarial)} / ${await strength(pair, subject, adversarial)}`,
    `${counts(outcome.queries)} / ${counts(spent)}`,
    `${median(ours).toFixed(2)} / ${median(theirs).toFixed(2)}`,
    `${median(ratios).toFixed(2)}${ratios.length > 1 ? ` (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})` : ''}`,
  ]
  await model.release()
  return `| ${line.join(' | ')} |`
}

if (values.pinned) {
  const peer = lineProcess(['/usr/bin/python3', 'bench/peers/attacks.py', folder])
  print(`load ${loadavg()[0]!.toFixed(1)}`)
  print(
    '| ours | peer | model, budget, rows | strength, ours / peer | a row, ours / peer | seconds, ours / peer | ratio |',
  )
  print('| --- | --- | --- | --- | --- | --- | --- |')
  const named = (pair: Pair): string => `${pair.model} ${pair.attack} ${pair.norm} ${pair.peer.library}`
  const pairs = [...gradientPairs, ...minimalPairs, ...queryPairs]
  for (const pair of pairs.filter((pair) => named(pair).includes(values.only))) print(await compare(pair, peer))
  peer.close()
  rmSync(folder, { recursive: true })
} else {
  const [program = process.execPath, ...before] = [...pinnedToOneCore, process.execPath]
  const self = ['--import', 'tsx', 'bench/attacks.ts', '--pinned', ...process.argv.slice(2)]
  process.exitCode = spawnSync(program, [...before, ...self], { stdio: 'inherit' }).status ?? 1
}
