import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Report } from '../../src/contract/index.ts'
import { example } from '../support/fixtures.ts'

const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A copy of the example with a battery and gates of its own, in a new folder. */
export const newProject = (more: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-assess-'))
  for (const name of ['digits.onnx', 'images-idx3-ubyte', 'labels-idx1-ubyte'])
    cpSync(example(`digits/${name}`), join(folder, name))
  const head = [
    'model: {path: digits.onnx, input: {range: [0, 1], units: byte/255}}',
    'data: {path: images-idx3-ubyte, labels: labels-idx1-ubyte, scale: 1/255, rows: "0:64"}',
    'out: report',
  ]
  writeFileSync(join(folder, 'bartizan.yaml'), `${head.join('\n')}\n${more}`)
  return folder
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `bartizan` with `args` in `folder`; `watch` sees standard error as it grows, and may kill. */
export const bartizan = (
  folder: string,
  args: readonly string[],
  watch: (stderr: string, kill: () => void) => void = () => {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), cli, ...args], { cwd: folder })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
      watch(stderr, () => child.kill('SIGKILL'))
    })
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })

export const reportIn = (folder: string): Report => JSON.parse(readFileSync(join(folder, 'report/report.json'), 'utf8'))

/** The report without what differs from run to run. */
export const withoutTiming = ({ timing: _, ...report }: Report): Omit<Report, 'timing'> => report
