import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'

/** In front of a command line: its process has the machine's last core and no other. */
export const pinnedToOneCore: readonly string[] = existsSync('/usr/bin/taskset')
  ? ['/usr/bin/taskset', '-c', String(cpus().length - 1)]
  : []

/** Runs a command and reads the JSON object on its last line. */
export const measured = (command: readonly string[]): Record<string, number> => {
  const [program, ...args] = command
  const output = execFileSync(program!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  return JSON.parse(output.trim().split('\n').at(-1)!)
}
