import type { Flag } from '../contract/index.ts'
import type { ProbeRecord } from './probe-record.ts'
import { percent } from './report/format.ts'

/** A model that answers NaN to changed rows hides from the judge whether they are broken: how many, by probe. */
export const answersThatAreNaN = (
  records: readonly ProbeRecord[],
): readonly { readonly probe: string; readonly flag: Flag }[] =>
  records.flatMap(({ id, result: { answeredNaN = 0, rows } }) => {
    if (answeredNaN === 0) return []
    const share = answeredNaN / Math.max(rows, 1)
    const message = `the model answered NaN to ${answeredNaN} of ${rows} changed rows (${percent(share)}): they count as not broken, and nothing says what they are`
    return [{ probe: id, flag: { id: 'answers-nan', message, measured: share } }]
  })
