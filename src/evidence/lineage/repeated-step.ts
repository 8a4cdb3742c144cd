import { canonicalJson } from '../../base/canonical-json.ts'
import type { Statement } from '../statement.ts'
import { dataRecordType } from './data-record.ts'
import type { StoredRecord } from './stored-records.ts'

/** All that a data record says but for when. */
const timeless = ({ subject, predicateType, predicate = {} }: Statement): string => {
  const { at: _, ...rest } = predicate
  return canonicalJson({ subject, predicateType, predicate: rest })
}

/**
 * The verified record that says what `statement` says, but for its time, and that still holds: what the log says last of
 * each of its subjects is what it says. Recording it again would add nothing. Undefined where there is none.
 * `records` are in the order of the log.
 */
export const repeatedStep = (records: readonly StoredRecord[], statement: Statement): Statement | undefined => {
  const verified = records.filter(({ problem }) => problem === undefined).map((record) => record.statement)
  const last = new Map(verified.flatMap(({ subject }) => subject.map(({ name, digest }) => [name, digest.sha256])))
  if (statement.subject.some(({ name, digest }) => last.get(name) !== digest.sha256)) return undefined
  const wanted = timeless(statement)
  return verified.findLast((each) => each.predicateType === dataRecordType && timeless(each) === wanted)
}
