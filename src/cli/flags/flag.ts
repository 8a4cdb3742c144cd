import { Option } from 'commander'
import { BartizanError } from '../../base/errors.ts'

/** A flag of a command, with the type of the value that it gives. Help and parsing come from the same object. */
export interface Flag<T> {
  readonly option: Option
  /** The value, from what commander collected. Throws USAGE where it is none. */
  read(collected: unknown): T
}

export type Flags = Readonly<Record<string, Flag<unknown>>>
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never }

/** Turns what was written after a flag into its value; `flag` is for the message. Throws USAGE. */
export type Parse<T> = (written: string, flag: string) => T

const nameOf = (option: Option): string => option.long ?? option.flags

export const optional = <T>(spec: string, help: string, parse: Parse<T>): Flag<T | undefined> => {
  const option = new Option(spec, help)
  return { option, read: (written) => (typeof written === 'string' ? parse(written, nameOf(option)) : undefined) }
}

/** Checked when it is read, not by commander: a mistyped flag is then told from one that is missing. */
export const required = <T>(spec: string, help: string, parse: Parse<T>): Flag<T> => {
  const option = new Option(spec, `${help} (required)`)
  return {
    option,
    read: (written) => {
      if (typeof written === 'string') return parse(written, nameOf(option))
      throw new BartizanError('USAGE', `${spec} is missing`, { data: { flag: nameOf(option) } })
    },
  }
}

/** `fallback` is written as a user would write it; `shown` is what help says of it. */
export const defaulted = <T>(
  spec: string,
  help: string,
  parse: Parse<T>,
  fallback: string,
  shown = fallback,
): Flag<T> => {
  const option = new Option(spec, `${help} (default ${shown})`)
  return { option, read: (written) => parse(typeof written === 'string' ? written : fallback, nameOf(option)) }
}

/** May be given with a value or without one, which reads as true; the spec has its value in square brackets. */
export const bareOrValued = <T>(spec: string, help: string, parse: Parse<T>): Flag<T | true | undefined> => {
  const option = new Option(spec, help)
  return {
    option,
    read: (written) =>
      typeof written === 'string' ? parse(written, nameOf(option)) : written === true ? true : undefined,
  }
}

/** May be given several times. */
export const repeated = <T>(spec: string, help: string, parse: Parse<T>): Flag<readonly T[]> => {
  const option = new Option(spec, help).argParser((written: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    written,
  ])
  return {
    option,
    read: (list) => (Array.isArray(list) ? list.map((written) => parse(String(written), nameOf(option))) : []),
  }
}

/** Whether it was given. Of a flag "--no-x" commander keeps the opposite: x, which is true until the flag is given. */
export const toggle = (spec: string, help: string): Flag<boolean> => {
  const option = new Option(spec, help)
  return { option, read: (kept) => kept === !option.negate }
}

/** Accepted and not shown by --help. */
export const hidden = <T>(flag: Flag<T>): Flag<T> => {
  flag.option.hideHelp()
  return flag
}

/** The values of all flags of a command. */
export const readFlags = <F extends Flags>(flags: F, collected: Readonly<Record<string, unknown>>): FlagValues<F> =>
  Object.fromEntries(
    Object.entries(flags).map(([key, { option, read }]) => [key, read(collected[option.attributeName()])]),
  ) as FlagValues<F>
