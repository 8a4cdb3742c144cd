import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartOptions {
  readonly cwd?: string
  /** A command that runs the command line which follows it, with fewer rights for instance. */
  readonly under?: readonly string[]
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** File or device that standard output goes to, opened by a shell. */
  readonly stdoutTo?: string
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Starts a command line as a process of its own, as a user does. */
export const start = (args: readonly string[], { stdoutTo, env, under = [], ...options }: StartOptions = {}) => {
  const command = [...under, process.execPath, '--import', import.meta.resolve('tsx'), main, ...args]
  const [file, ...rest] = stdoutTo === undefined ? command : ['sh', '-c', 'exec "$@" > "$0"', stdoutTo, ...command]
  const child = spawn(file!, rest, {
    ...options,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [gathered(child.stdout), gathered(child.stderr)]
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout: stdout(), stderr: stderr() }))
  })
  return { child, ended }
}

const gathered = (output: Readable): (() => string) => {
  let text = ''
  output.on('data', (part: Buffer) => {
    text += part.toString()
  })
  return () => text
}
