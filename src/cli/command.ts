import type { Flags, FlagValues } from './flags/flag.ts'
import type { Output } from './terminal/output.ts'

interface Argument {
  /** As help shows it: "<file>", or "[config]" where it may be left out. */
  readonly spec: string
  readonly help: string
}

/** A command: its help, its typed flags, and one call. --json and --seed come with every command. */
export interface CommandDefinition<F extends Flags = Flags> {
  /** One word, or two for a command within a group. */
  readonly name: string
  readonly summary: string
  readonly arguments?: readonly Argument[]
  readonly flags: F
  /** A command line and what it does. */
  readonly examples: readonly string[]
  /** Whether --seed changes the result; it is accepted anyway. */
  readonly usesSeed?: boolean
  /** Gives the exit code. Arguments that were left out are undefined. */
  run(context: CommandContext<F>): Promise<number>
}

export interface CommandContext<F extends Flags> {
  readonly flags: FlagValues<F>
  readonly arguments: readonly (string | undefined)[]
  readonly seed: number | undefined
  readonly out: Output
}

/** Types `run` by the command's own flags; the flags that it is given have been read by the same table. */
export const defineCommand = <const F extends Flags>(definition: CommandDefinition<F>): CommandDefinition => ({
  ...definition,
  run: (context) => definition.run(context as CommandContext<F>),
})
