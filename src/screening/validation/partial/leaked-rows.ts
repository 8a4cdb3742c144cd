import type { CheckResult } from '../../../contract/validation.ts'
import type { ValidatedPart, ValidationState } from '../../../contract/validation-state.ts'
import { literal } from '../../../data/formats/duckdb.ts'
import { type LeakageReport, overlapCheck, timeCheck } from '../../duplicates/index.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import { graded } from '../sections/graded.ts'
import { classesId } from '../sections/label-checks.ts'

type LeakageState = NonNullable<ValidationState['leakage']>
type Leaked = LeakageState[number]

/** Checks that accuse rows one by one, whatever other rows there are: by the other split, or by their label alone. */
export const accusesAlone = (id: string): boolean => id === classesId || isLeakedRow(id)

const isLeakedRow = (id: string): boolean => /^leakage\[\d+\]\.(rows\.leakage|.*\.time-leakage)$/.test(id)

/** Checks that are merged here. */
export const isMergedLeakage = (id: string): boolean =>
  isLeakedRow(id) || /^leakage\[\d+\]\..*\.predicts-label$/.test(id)

/** What a part's state says of each other split. */
export const leakageState = (reports: readonly LeakageReport[]) =>
  reports.map(({ overlap: { rows, testRows, trainRows, repeatedInTrain, examples }, time, checks }) => ({
    ...{ rows, testRows, trainRows, repeatedInTrain },
    ...(examples[0] && { first: { part: 0, row: examples[0].test, train: examples[0].train } }),
    ...(time && { time: { ...time } }),
    same: checks.filter(({ id }) => id.endsWith('.predicts-label')).map((check) => ({ ...check })),
  }))

const addTimes = (a: Leaked['time'], b: Leaked['time']): Leaked['time'] =>
  a && b && { ...a, early: a.early + b.early, n: a.n + b.n, unreadable: a.unreadable + b.unreadable }

/** What two states say of the rows of both; `shift`: parts of the first. */
export const addLeakage = (
  a: ValidationState['leakage'],
  b: ValidationState['leakage'],
  shift: number,
): ValidationState['leakage'] =>
  a?.map((left, i) => {
    const right = b?.[i]
    if (right === undefined) return left
    const first = left.first ?? (right.first && { ...right.first, part: right.first.part + shift })
    const time = addTimes(left.time, right.time)
    return {
      rows: left.rows + right.rows,
      testRows: left.testRows + right.testRows,
      trainRows: left.trainRows,
      repeatedInTrain: left.repeatedInTrain,
      ...(first && { first }),
      ...(time && { time }),
      same: left.same,
    }
  })

const overlapOf = (leaked: Leaked, parts: readonly ValidatedPart[]): CheckResult => {
  const { first } = leaked
  const example =
    first === undefined ? '' : `; first: row ${first.row} of ${parts[first.part]?.path} is training row ${first.train}`
  return overlapCheck({ ...leaked, examples: [] }, example)
}

const timeOf = (time: NonNullable<Leaked['time']>): CheckResult => {
  const check = timeCheck(time)
  // How many of them are the other split's would be counted once a part.
  if (check.verdict !== 'inconclusive' || time.unreadable === 0 || time.n === 0) return check
  return { ...check, message: `some cells of ${time.column} are no times` }
}

/** Checks of the whole against the other splits, in the order of one table's; `open`: those that can't be told. */
export const leakageOfWhole = (
  { sections }: LoadedSchema,
  state: ValidationState['leakage'],
  parts: readonly ValidatedPart[],
  open: readonly CheckResult[],
): readonly CheckResult[] =>
  (sections?.leakage ?? []).flatMap((entry, i) => {
    const leaked = state?.[i]
    if (leaked === undefined) return []
    const prefix = `leakage[${i}]`
    return [
      ...graded([overlapOf(leaked, parts)], entry, prefix),
      ...open.filter(({ id }) => id.startsWith(`${prefix}.`)),
      ...graded([...leaked.same, ...(leaked.time === undefined ? [] : [timeOf(leaked.time)])], entry, prefix),
    ]
  })

/** Rows at fault where such a check of the whole failed. */
export const failuresAlone = (checks: readonly CheckResult[]) =>
  checks
    .filter(({ id, verdict }) => verdict === 'failed' && accusesAlone(id))
    .map(({ id, severity = 'error' }) => ({
      rule: { id, severity },
      breaks: `list_contains(t.reasons, ${literal(id)})`,
    }))
