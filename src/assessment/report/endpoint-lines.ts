import type { EndpointUse } from '../../contract/index.ts'
import { count, number } from './format.ts'

const rows = (many: number): string => `${count(many)} ${many === 1 ? 'row' : 'rows'}`

/** What a model behind an API was asked, by name; nothing where there is none. */
export const endpointLines = (use: EndpointUse | undefined): readonly (readonly [string, string])[] => {
  if (!use) return []
  const { asked, budget, sent, cached, since, requests, failed, retried, seconds, elapsed } = use
  const rate = elapsed > 0 ? `, ${number(Number((sent / elapsed).toPrecision(3)))} rows a second` : ''
  return [
    ['Rows asked', `${count(asked)} of at most ${count(budget)}, ${count(sent)} of them by this run`],
    [
      'Rows known',
      `${rows(cached)} answered from what was kept${since === undefined ? '' : ` since ${since.slice(0, 10)}`}`,
    ],
    [
      'Requests',
      `${count(requests)}, ${count(failed)} failed, ${count(retried)} sent again; ${number(seconds)} s waited${rate}`,
    ],
    ['Rows asked twice', repeatedText(use.repeated)],
  ]
}

const repeatedText = (repeated: EndpointUse['repeated']): string => {
  if (!repeated) return 'none: nothing says whether answers change'
  const { rows: twice, otherLabel, otherScores, largest } = repeated
  const other = Math.max(otherLabel, otherScores)
  if (other === 0) return `${count(twice)}, all with the same answer`
  return `${count(twice)}: ${count(other)} with another answer, ${count(otherLabel)} with another label; largest difference of a probability ${number(Number(largest.toPrecision(2)))}`
}
