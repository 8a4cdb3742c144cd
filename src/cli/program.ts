import { Command } from 'commander'
import type { CommandDefinition } from './command.ts'
import { jsonFlag, seedFlag } from './flags/common.ts'
import { hidden, optional, readFlags } from './flags/flag.ts'
import { wholeNumber } from './flags/parse.ts'
import { outputTo } from './terminal/output.ts'
import { type Terminal, widthOf } from './terminal/terminal.ts'

export interface ProgramOptions {
  readonly commands: readonly CommandDefinition[]
  /** What each group of two-word commands is about. */
  readonly groups: Readonly<Record<string, string>>
  readonly version: string
  readonly terminal: Terminal
  /** Takes the exit code of the command that ran. */
  readonly finished: (exitCode: number) => void
}

/** The commander program of a list of commands. It throws instead of exiting. */
export const programOf = ({ commands, groups, version, terminal, finished }: ProgramOptions): Command => {
  const program = styled(new Command('bartizan'), terminal)
    .description('Measures how a classifier stands up to attack: on your ONNX file, your rows, your machine.')
    .version(version, '--version', 'print the version')
    .helpCommand(...helpCommand)
    // Flags belong to the command whose name stands before them.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nStart with:\n  bartizan init model.onnx --data rows.parquet --label y\n  bartizan assess\n\nbartizan help COMMAND tells more.',
    )
  const within = new Map<string, Command>()
  for (const definition of commands) {
    const [first = '', second] = definition.name.split(' ')
    const command = built(definition, second ?? first, terminal, finished)
    if (second === undefined) {
      // A command may have others below it.
      within.set(first, command.enablePositionalOptions())
      program.addCommand(command)
    } else {
      if (!within.has(first)) {
        within.set(
          first,
          styled(new Command(first), terminal)
            .description(groups[first] ?? '')
            .helpCommand(...helpCommand),
        )
        program.addCommand(within.get(first)!)
      }
      within.get(first)!.addCommand(command)
    }
  }
  return program
}

const helpCommand = ['help [command]', 'print help on a command'] as const

const styled = (command: Command, { stdout, stderr }: Terminal): Command =>
  command
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: widthOf(stdout) })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Errors are thrown, and said once, by whoever runs the program.
      outputError: () => {},
    })

const built = (
  definition: CommandDefinition,
  name: string,
  terminal: Terminal,
  finished: (exitCode: number) => void,
): Command => {
  const command = styled(new Command(name), terminal)
    .description(definition.summary)
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `\n${definition.examples.length > 1 ? 'Examples' : 'Example'}:\n${indented(definition.examples)}`,
    )
  for (const { spec, help } of definition.arguments ?? []) command.argument(spec, help)
  const common = {
    json: jsonFlag(),
    seed: definition.usesSeed ? seedFlag() : hidden(optional('--seed <n>', 'nothing here is random', wholeNumber)),
  }
  const flags = { ...definition.flags, ...common }
  for (const { option } of Object.values(flags)) command.addOption(option)
  return command.action(async () => {
    const values = readFlags(flags, command.opts())
    const out = outputTo(terminal, values.json)
    // What takes several arguments comes as one list.
    const given = command.processedArgs.flat().map((argument) => (typeof argument === 'string' ? argument : undefined))
    finished(await definition.run({ flags: values, arguments: given, seed: values.seed, out }))
  })
}

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n')
