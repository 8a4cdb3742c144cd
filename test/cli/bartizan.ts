import { run } from '../../src/cli/run.ts'
import { example } from '../support/fixtures.ts'
import { type Ended, start } from '../support/process.ts'

export { scratch, scratchFolders } from '../../src/base/testing.ts'
export type { Ended }

/** Runs a command line within this process: quick, and everything but the process itself is real. */
export const bartizan = async (...args: readonly string[]): Promise<Ended> => {
  let [stdout, stderr] = ['', '']
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  return { exitCode: await run(args, terminal, {}), stdout, stderr }
}

/** Starts a command line as a process of its own, as a user does. */
export const started = (...args: readonly string[]) => start(args)

/** Flags for the digit classifier and its rows. */
export const digits = [
  '--model',
  example('digits/digits.onnx'),
  '--data',
  example('digits/images-idx3-ubyte'),
  '--labels',
  example('digits/labels-idx1-ubyte'),
  '--scale',
  '1/255',
] as const
