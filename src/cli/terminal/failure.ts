import { CommanderError } from 'commander'
import { safeText } from '../../assessment/report/safe-text.ts'
import { exitCodes, isBartizanError } from '../../base/errors.ts'
import { Interrupted, interruptedExit } from './interrupt.ts'
import type { Sink } from './terminal.ts'

export interface Failure {
  readonly exitCode: number
  /** Empty where everything has been said. */
  readonly text: string
}

const lines = (code: string, message: string, hint: string | undefined, stack: string): string =>
  [`error ${code}: ${message}`, ...(hint ? [`hint: ${hint}`] : []), ...(stack ? [stack] : []), ''].join('\n')

/** "error: unknown option '--modle'\n(Did you mean --model?)" in our form. */
const usage = ({ message }: CommanderError): string => {
  const [, what = message, near] = /^(?:error: )?([^\n]*)(?:\n\(Did you mean (.*)\?\))?/.exec(message) ?? []
  return lines('USAGE', what, near ? `did you mean ${near}?` : 'bartizan help COMMAND shows how it is used', '')
}

const shown = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

/** How a command that threw ends: what it says and the exit code, which is part of the command contract. */
export const failureOf = (error: unknown, debug: boolean): Failure => {
  if (error instanceof Interrupted)
    return { exitCode: interruptedExit, text: error.hint ? `interrupted\nhint: ${error.hint}\n` : 'interrupted\n' }
  if (error instanceof CommanderError) {
    // Help that was asked for ends well; help instead of a missing sub-command doesn't.
    if (shown.has(error.code)) return { exitCode: error.exitCode === 0 ? 0 : exitCodes.usage, text: '' }
    return { exitCode: exitCodes.usage, text: usage(error) }
  }
  const stack = debug && error instanceof Error ? String(error.stack) : ''
  if (isBartizanError(error))
    return { exitCode: error.exitCode, text: lines(error.code, error.message, error.hint, stack) }
  const message = error instanceof Error ? error.message : String(error)
  const hint = 'this is a defect of Bartizan; BARTIZAN_DEBUG=1 shows where it happened'
  return { exitCode: exitCodes.internal, text: lines('INTERNAL', message, stack ? undefined : hint, stack) }
}

/** Says it on standard error, on a line of its own, and gives the exit code. */
export const report = (error: unknown, stderr: Sink, debug: boolean): number => {
  const { exitCode, text } = failureOf(error, debug)
  if (text !== '') stderr.write(`${stderr.isTTY ? '\r\u001b[K' : ''}${safeText(text)}`)
  return exitCode
}
