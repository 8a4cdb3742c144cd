import type { Hardening, VoteCertificate } from '../../../contract/index.ts'
import { bareInterval, count, percent } from '../../report/format.ts'
import { htmlTable } from '../../report/html/html-table.ts'
import { lineChart, type Series } from '../../report/html/line-chart.ts'
import { section } from '../../report/html/parts.ts'
import { type Markup, markup } from '../../report/markup.ts'

/** "poisoned rows" or "poisoned sources". */
export const changedUnits = ({ unit }: Pick<VoteCertificate, 'unit'>): string => `poisoned ${unit}`

const seriesOf = (name: string, { points }: VoteCertificate): Series => ({
  name,
  points: points.map(({ changes, accuracy }) => ({ x: changes, y: accuracy })),
})

/** How many poisoned rows or sources answers withstand by proof; empty where the new model holds no vote. */
export const votePart = ({ before, after }: Hardening): Markup | '' => {
  const { vote } = after
  if (!vote) return ''
  const units = changedUnits(vote)
  const earlier = before.vote?.unit === vote.unit ? [seriesOf('before', before.vote)] : []
  return section(
    'vote',
    'What training data could have been poisoned',
    `${vote.partitions} base models vote, each learned from its own part of the rows. ${
      vote.unit === 'rows'
        ? 'A row that was added, removed or labelled anew is one change; a row with other values is two.'
        : 'Whatever is done to the rows of one source is one change.'
    } Half of the rows of the assessment are answered rightly whatever ${vote.median < 0 ? 'nothing' : count(vote.median)} such changes were made.`,
    markup`<div class="columns">${lineChart({
      id: 'vote-certificate',
      title: `Certified accuracy against the number of ${units}`,
      xLabel: `Number of ${units}`,
      yLabel: 'Certified accuracy, %',
      xText: count,
      series: [...earlier, seriesOf(earlier.length > 0 ? 'after' : 'certified', vote)],
    })}</div>${htmlTable(
      `Certified accuracy by the number of ${units}`,
      [
        { title: `Number of ${units}`, align: 'right' },
        { title: 'Certified accuracy', align: 'right' },
        { title: '95 % interval', align: 'right' },
      ],
      vote.points.map(({ changes, accuracy }) => [
        count(changes),
        percent(accuracy.value),
        `${bareInterval(accuracy)} %`,
      ]),
    )}`,
  )
}
