import { count, percent } from '../../assessment/report/format.ts'
import { htmlTable } from '../../assessment/report/html/html-table.ts'
import { type Content, markup } from '../../assessment/report/markup.ts'
import type { Validation } from '../../contract/validation.ts'

/** Classes that stand in the report; the JSON has all. */
const mostClasses = 100

/** To a tenth, with a sign unless it is none. */
const pointsText = (change: number): string => {
  const size = Math.abs(change).toFixed(1)
  return `${size === '0.0' ? '' : change > 0 ? '+' : '\u2212'}${size} points`
}

/** How many rows each label has, with its share, and its share in the reference where there is one. */
export const labelsSection = ({ labels }: Validation): Content => {
  if (labels === undefined || labels.classes.length === 0) return ''
  const { rows, missing, classes } = labels
  const labelled = rows - missing
  const before = classes.reduce((total, { reference = 0 }) => total + reference, 0)
  const compares = classes.some(({ reference }) => reference !== undefined)
  const share = (some: number, all: number): string => (all === 0 ? 'none' : percent(some / all))
  const points = (now: number, then: number): string =>
    labelled === 0 || before === 0 ? 'none' : pointsText(100 * (now / labelled - then / before))
  const rest = classes.length - mostClasses
  return markup`<section aria-labelledby="labels"><h2 id="labels">Labels</h2>
<p class="lead">${count(labelled)} of ${count(rows)} have a label${missing === 0 ? '' : `; ${count(missing)} have none`}.${rest > 0 ? ` The ${count(rest)} rarest are left out here.` : ''}</p>
${htmlTable(
  'Labels, the most frequent first',
  [
    { title: 'Label', breakable: true },
    { title: 'Count', align: 'right' },
    { title: 'Share', align: 'right' },
    ...(compares
      ? [
          { title: 'Reference', align: 'right' as const },
          { title: 'Change', align: 'right' as const },
        ]
      : []),
  ],
  classes
    .slice(0, mostClasses)
    .map(({ name, count: found, reference = 0 }) => [
      name,
      count(found),
      share(found, labelled),
      ...(compares ? [share(reference, before), points(found, reference)] : []),
    ]),
)}</section>`
}
