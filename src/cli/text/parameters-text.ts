import type { ParameterSpec, ParameterSpecs } from '../../threat/parameters.ts'
import { wrappedTable } from './fields.ts'

/** Which values a parameter takes, in words. */
export const rangeOf = (spec: ParameterSpec): string => {
  if (spec.kind === 'boolean') return 'true or false'
  if (spec.kind === 'choice') return spec.choices.join(', ')
  const { min, max, kind } = spec
  const ends = [...(min === undefined ? [] : [`from ${min}`]), ...(max === undefined ? [] : [`to ${max}`])]
  return [kind === 'integer' ? 'whole number' : 'number', ...ends].join(' ')
}

/** A table of what --set may set. */
export const parametersText = (parameters: ParameterSpecs, width: number): string => {
  const rows = Object.entries(parameters).map(([key, spec]) => [key, String(spec.default), rangeOf(spec), spec.help])
  return rows.length === 0
    ? 'It has no parameters.'
    : wrappedTable([{ title: '--set' }, { title: 'default' }, { title: 'values' }, { title: 'effect' }], rows, width)
}
