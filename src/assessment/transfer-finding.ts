import type { Finding, InputInfo } from '../contract/index.ts'
import { attackNamed } from './battery.ts'
import type { ProbeRecord } from './probe-record.ts'
import { budget, percent } from './report/format.ts'

/** Turning one right row in twenty is more than label noise and rounding explain. */
const noticeable = 0.05

interface TransferContext {
  readonly records: readonly ProbeRecord[]
  readonly input: InputInfo
  reproduce(record: ProbeRecord): string
}

/** One finding a norm, at the smallest budget at which rows made on other models turn a noticeable share of the rows. */
export const transferFindings = ({ records, input, reproduce }: TransferContext): readonly Finding[] => {
  const found = records
    .filter(({ attack }) => attackNamed(attack).transfers)
    .map((record) => ({ record, ...turned(record) }))
    .filter(({ share }) => share >= noticeable)
    .sort((a, b) => a.record.epsilon - b.record.epsilon)
  return [...new Set(found.map(({ record }) => record.norm))].map((norm) => {
    const { record, count, right, share } = found.find((one) => one.record.norm === norm)!
    return {
      id: `transfer-${norm}`,
      severity: share >= 0.25 ? 'medium' : 'low',
      title: `Rows made on other models turn ${percent(share)} of the right predictions`,
      meaning: `\`${record.attack}\` never asked this model anything. Within ${budget(record.epsilon, norm, input)}, what it made on the surrogates turned ${count} of ${right} rows that were right. Neither secret weights nor a limit on queries protects against it.`,
      reproduce: reproduce(record),
      remedy:
        'Train adversarially, or choose another architecture or other training data than what is public, and look in the transfer matrix which surrogate does the harm. Then assess again.',
      probe: record.id,
    }
  })
}

const turned = ({ outcome }: ProbeRecord) => {
  const right = outcome.right.filter(Boolean).length
  const count = outcome.broken.filter(Boolean).length
  return { count, right, share: right > 0 ? count / right : 0 }
}
