import type { Report } from '../../../contract/index.ts'
import { bareInterval, budget, count, normNames, number, percent } from '../format.ts'
import { type Markup, markup } from '../markup.ts'
import { htmlTable } from './html-table.ts'

/** Certified accuracy of an ensemble of trees, under the attacks' figures that it can't exceed; nothing for other models. */
export const certifiedPart = ({ certified, input }: Report): Markup | '' => {
  if (certified === undefined || certified.length === 0) return ''
  return markup`<h3 id="certified">Certified, by proof over the trees</h3><p>Within its certified distance no change of a row, found by anyone, turns its class. Median: ${certified
    .map(
      ({ norm, median, exact, rows }) =>
        `${normNames[norm]} ${number(median)} (exact for ${count(exact)} of ${count(rows)} rows)`,
    )
    .join('; ')}.</p>${htmlTable(
    'Certified accuracy by budget',
    [
      { title: 'Budget', whole: true },
      { title: 'Certified accuracy', align: 'right' },
      { title: '95 % interval', align: 'right' },
      { title: 'Rows', align: 'right' },
    ],
    certified.flatMap(({ norm, points, rows }) =>
      points.map(({ epsilon, accuracy }) => [
        `${normNames[norm]} ${budget(epsilon, norm, input)}`,
        percent(accuracy.value),
        `${bareInterval(accuracy)} %`,
        count(rows),
      ]),
    ),
  )}`
}
