import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolders } from '../../src/base/testing.ts'
import type { Report } from '../../src/contract/index.ts'
import { example } from '../support/fixtures.ts'
import { start } from '../support/process.ts'

const newFolder = scratchFolders()

/** A copy of the example with a battery and gates of its own, in a new folder. */
export const newProject = (more: string): string => {
  const folder = newFolder()
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
export const bartizan = async (
  folder: string,
  args: readonly string[],
  watch: (stderr: string, kill: () => void) => void = () => {},
): Promise<Ended> => {
  const { child, ended } = start(args, { cwd: folder })
  let seen = ''
  child.stderr.on('data', (part: Buffer) => {
    seen += part.toString()
    watch(seen, () => child.kill('SIGKILL'))
  })
  const { exitCode: code, stdout, stderr } = await ended
  return { code, signal: child.signalCode, stdout, stderr }
}

export const reportIn = (folder: string): Report => JSON.parse(readFileSync(join(folder, 'report/report.json'), 'utf8'))

/** The report without what differs from run to run. */
export const withoutTiming = ({ timing: _, ...report }: Report): Omit<Report, 'timing'> => report
