import { wrapText } from '../../assessment/report/table.ts'
import type { AnyAttack } from '../../threat/attack.ts'
import { wrappedTable } from './fields.ts'
import { parametersText } from './parameters-text.ts'

/** What `bartizan attack list` prints. */
export const attackListText = (attacks: readonly AnyAttack[], width: number): string =>
  [
    wrappedTable(
      [{ title: 'attack' }, { title: 'sees' }, { title: 'on' }, { title: 'measured in' }, { title: 'what it does' }],
      attacks.map(({ id, access, domain = 'any', norms, title, reference }) => [
        id,
        access,
        domain,
        norms.join(' '),
        `${title} (${reference})`,
      ]),
      width,
    ),
    '',
    'bartizan attack list NAME shows the parameters of one.',
  ].join('\n')

/** What `bartizan attack list NAME` prints. */
export const attackText = (
  { id, title, reference, access, domain = 'any', norms, minimal, transfers, parameters }: AnyAttack,
  width: number,
): string => {
  return [
    wrapText(`${id}: ${title}`, width),
    reference,
    `sees ${access}; works on ${domain === 'any' ? 'rows of any kind' : domain} in ${norms.join(', ')}${transfers ? '; needs --surrogate' : ''}${minimal ? '; looks for the smallest perturbation, so --eps may be left out' : ''}`,
    '',
    parametersText(parameters, width),
  ].join('\n')
}
