import { seesWeights } from '../../threat/access.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { ofStandingRows } from '../standing.ts'
import { type Checked, checked, followsGradients, weakByDesign } from './checked.ts'

/** Rows that an attacker who sees less breaks and one who sees everything doesn't; AutoAttack's authors warn at 0.2 %. */
const blackBoxMargin = 0.002

/** Scores or labels must not lead further than gradients. Measured: rows that only they broke. */
export const checkBlackBox = (records: readonly ProbeRecord[]): readonly Checked[] =>
  compare(records, ({ access }) => !seesWeights(access) && access !== 'nothing', {
    check: { id: 'black-box-weaker', title: 'No black box breaks more rows' },
    flag: 'black-box-stronger',
    sees: ({ access }) => `sees ${access} only`,
  })

/** The same for rows that were made on the attacker's own models. */
export const checkTransfer = (records: readonly ProbeRecord[]): readonly Checked[] =>
  compare(records, ({ access }) => access === 'nothing', {
    check: { id: 'transfer-weaker', title: 'No transfer from other models breaks more rows' },
    flag: 'transfer-stronger',
    sees: () => 'never asked this model anything',
  })

interface Comparison {
  readonly check: { readonly id: string; readonly title: string }
  readonly flag: string
  sees(other: ProbeRecord): string
}

const compare = (
  records: readonly ProbeRecord[],
  seesLess: (record: ProbeRecord) => boolean,
  { check, flag, sees }: Comparison,
): readonly Checked[] =>
  records
    .filter((record) => followsGradients(record) && !weakByDesign(record) && !ofStandingRows(record))
    .flatMap((white) => {
      const [more] = records
        .filter((other) => seesLess(other) && other.norm === white.norm && other.epsilon <= white.epsilon)
        .map((other) => ({
          other,
          count: other.outcome.broken.filter((b, row) => b && white.outcome.broken[row] === false).length,
        }))
        .sort((a, b) => b.count - a.count)
      if (!more) return []
      const { other, count } = more
      const rows = Math.min(other.outcome.broken.length, white.outcome.broken.length)
      const fired = count > Math.max(1, blackBoxMargin * rows)
      const figures = `${other.attack}, which ${sees(other)}, broke ${count} of ${rows} rows that ${white.attack} did not`
      const message = fired ? `${figures}: its gradients may be masked` : figures
      return [checked(white.id, check, { flag, fired, measured: count, message })]
    })
