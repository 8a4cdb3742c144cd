import { BartizanError } from '../../base/errors.ts'
import { type DataRecord, dataRecordSchema } from '../../contract/data-record.ts'
import { createStatement, type Statement, type Subject } from '../statement.ts'

/** Predicate type of "these subjects were made, or came in, in this step". */
export const dataRecordType = 'https://bartizan.dev/evidence/data-record/v1'

const parse = (predicate: unknown): DataRecord => {
  const parsed = dataRecordSchema.safeParse(predicate)
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues
  throw new BartizanError(
    'EVIDENCE_INVALID',
    `the data record is malformed at ${path.join('.') || 'its top'}: ${message}`,
    {
      data: { path },
    },
  )
}

/** The statement that a step made (or took in) `subjects`. Throws EVIDENCE_INVALID. */
export const createDataRecord = (subjects: readonly Subject[], record: DataRecord): Statement =>
  createStatement({ subject: subjects, predicateType: dataRecordType, predicate: { ...parse(record) } })

/** The data record in a statement. Throws EVIDENCE_INVALID where it states something else. */
export const readDataRecord = (statement: Statement): DataRecord => {
  if (statement.predicateType !== dataRecordType)
    throw new BartizanError('EVIDENCE_INVALID', `a statement of type ${statement.predicateType} is no data record`)
  return parse(statement.predicate)
}
