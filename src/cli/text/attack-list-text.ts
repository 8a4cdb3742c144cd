import { wrapText } from '../../assessment/report/table.ts'
import type { AnyAttack } from '../../threat/attack.ts'
import type { ParameterSpec } from '../../threat/parameters.ts'
import { wrappedTable } from './fields.ts'

/** What `bartizan attack list` prints. */
export const attackListText = (attacks: readonly AnyAttack[], width: number): string =>
  [
    wrappedTable(
      [{ title: 'attack' }, { title: 'sees' }, { title: 'norms' }, { title: 'what it does' }],
      attacks.map(({ id, access, norms, title, reference }) => [
        id,
        access,
        norms.join(' '),
        `${title} (${reference})`,
      ]),
      width,
    ),
    '',
    'bartizan attack list NAME shows the parameters of one.',
  ].join('\n')

const rangeOf = (spec: ParameterSpec): string => {
  if (spec.kind === 'boolean') return 'true or false'
  if (spec.kind === 'choice') return spec.choices.join(', ')
  const { min, max, kind } = spec
  const ends = [...(min === undefined ? [] : [`from ${min}`]), ...(max === undefined ? [] : [`to ${max}`])]
  return [kind === 'integer' ? 'whole number' : 'number', ...ends].join(' ')
}

/** What `bartizan attack list NAME` prints. */
export const attackText = (
  { id, title, reference, access, norms, minimal, parameters }: AnyAttack,
  width: number,
): string => {
  const rows = Object.entries(parameters).map(([key, spec]) => [key, String(spec.default), rangeOf(spec), spec.help])
  return [
    wrapText(`${id}: ${title}`, width),
    reference,
    `sees ${access}; works in ${norms.join(', ')}${minimal ? '; looks for the smallest perturbation, so --eps may be left out' : ''}`,
    '',
    rows.length === 0
      ? 'It has no parameters.'
      : wrappedTable([{ title: '--set' }, { title: 'default' }, { title: 'values' }, { title: 'effect' }], rows, width),
  ].join('\n')
}
