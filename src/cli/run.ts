import { commands, groups } from './commands/index.ts'
import { programOf } from './program.ts'
import { report } from './terminal/failure.ts'
import type { Terminal } from './terminal/terminal.ts'
import { version } from './version.ts'

/** Runs one command line (without the interpreter and the script) and gives the exit code. */
export const run = async (
  args: readonly string[],
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> => {
  let exitCode = 0
  const finished = (code: number): void => {
    exitCode = code
  }
  try {
    await programOf({ commands, groups, version: version(), terminal, finished }).parseAsync([...args], {
      from: 'user',
    })
    return exitCode
  } catch (error) {
    return report(error, terminal.stderr, Boolean(environment.BARTIZAN_DEBUG))
  }
}
