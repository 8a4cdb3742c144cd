import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { example } from '../support/fixtures.ts'

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line within this process: quick, and everything but the process itself is real. */
export const bartizan = async (...args: readonly string[]): Promise<Ended> => {
  let [stdout, stderr] = ['', '']
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  return { exitCode: await run(args, terminal, {}), stdout, stderr }
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Starts a command line as a process of its own, as a user does. */
export const started = (...args: readonly string[]) => {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (part: Buffer) => {
    stdout += part.toString()
  })
  child.stderr.on('data', (part: Buffer) => {
    stderr += part.toString()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
  return { child, ended }
}

/** A folder for the tests of one file; returns the path of a name in it. */
export const scratch = (): ((name: string) => string) => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-cli-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return (name) => join(folder, name)
}

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
