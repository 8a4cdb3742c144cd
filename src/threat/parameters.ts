import { BartizanError } from '../base/errors.ts'
import { nearest } from '../base/registry.ts'

/** A knob of an attack, under the literature's name; `help` states its effect and unit. */
export type ParameterSpec =
  | {
      readonly kind: 'integer' | 'number'
      readonly default: number
      readonly min?: number
      readonly max?: number
      readonly help: string
    }
  | { readonly kind: 'boolean'; readonly default: boolean; readonly help: string }
  | { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[]; readonly help: string }

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>

type ValueOf<S extends ParameterSpec> = S extends { kind: 'boolean' }
  ? boolean
  : S extends { kind: 'choice'; choices: readonly (infer C)[] }
    ? C
    : number

export type Parameters<S extends ParameterSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> }
export type AnyParameters = Readonly<Record<string, number | boolean | string>>

/** Checked values for every parameter: what is given, in its own type or as text, over the defaults. */
export const resolveParameters = (of: string, specs: ParameterSpecs, given: AnyParameters = {}): AnyParameters => {
  for (const key of Object.keys(given))
    if (!(key in specs)) {
      const guess = nearest(key, Object.keys(specs))
      throw new BartizanError('USAGE', `${of} has no parameter "${key}"`, {
        hint: guess ? `did you mean "${guess}"?` : `its parameters are ${Object.keys(specs).join(', ') || 'none'}`,
      })
    }
  return Object.fromEntries(
    Object.entries(specs).map(([key, spec]) => [key, key in given ? parse(of, key, spec, given[key]!) : spec.default]),
  )
}

const parse = (
  of: string,
  key: string,
  spec: ParameterSpec,
  value: number | boolean | string,
): number | boolean | string => {
  const refuse = (expected: string): BartizanError =>
    new BartizanError('USAGE', `${of}: parameter "${key}" is ${JSON.stringify(value)} but should be ${expected}`, {
      hint: spec.help,
    })
  switch (spec.kind) {
    case 'boolean':
      if (value === true || value === 'true') return true
      if (value === false || value === 'false') return false
      throw refuse('true or false')
    case 'choice':
      if (spec.choices.includes(String(value))) return String(value)
      throw refuse(`one of ${spec.choices.join(', ')}`)
    default: {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec
      const fits =
        typeof number === 'number' &&
        number >= min &&
        number <= max &&
        (spec.kind === 'number' || Number.isInteger(number))
      if (!fits) throw refuse(`${spec.kind === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max}`)
      return number
    }
  }
}
