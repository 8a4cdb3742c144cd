import { count } from '../../assessment/report/format.ts'
import type { Screening } from '../../contract/screening.ts'
import { counted, wrappedTable } from './fields.ts'

/** What was found, in a sentence. */
export const screeningSentence = ({ verdict, counts, screens }: Screening): string => {
  const decided =
    counts.kept + counts.removed > 0 ? `; ${counts.kept} kept and ${counts.removed} removed by decision` : ''
  if (verdict === 'flagged')
    return `${count(counts.flagged)} of ${counted(counts.in, 'row')} ${counts.flagged === 1 ? 'needs' : 'need'} a look before a model learns from ${counts.flagged === 1 ? 'it' : 'them'}${decided}.`
  if (verdict === 'cannot tell') return 'no screen had enough to go by: this is not a clean bill.'
  const told = screens.filter((screen) => screen.verdict !== 'cannot tell').length
  return `${told} of ${counted(screens.length, 'screen')} could tell, and none found anything undecided${decided}.`
}

/** Rows that are listed; --json has them all. */
const most = 20

/** What `bartizan data screen` prints. */
export const screeningText = (result: Screening, width: number): string => {
  const { screens, rows, counts, verdict, outputs, falseDiscoveryRate } = result
  const waiting = rows.filter((row) => row.verdict === 'flagged')
  return [
    wrappedTable(
      [{ title: 'screen' }, { title: 'verdict' }, { title: 'rows', align: 'right' }, { title: 'why' }],
      screens.map(({ id, verdict: own, flagged, reason }) => [id, own, String(flagged), reason]),
      width,
    ),
    '',
    ...(waiting.length === 0
      ? []
      : [
          `rows ${waiting
            .slice(0, most)
            .map(({ row }) => row)
            .join(', ')}${waiting.length > most ? ` … and ${waiting.length - most} more (--json has all)` : ''}`,
          '',
        ]),
    `${counted(counts.in, 'row')} = ${count(counts.passed)} passed + ${count(counts.quarantined)} set aside; false discoveries controlled at ${falseDiscoveryRate} in each screen`,
    ...Object.entries(outputs).map(([role, file]) => `${role}: ${file?.path}`),
    `${verdict.toUpperCase()}: ${screeningSentence(result)}`,
  ].join('\n')
}
