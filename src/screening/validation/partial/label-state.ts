import { resolve } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import type { CheckResult } from '../../../contract/validation.ts'
import type { ValidationState } from '../../../contract/validation-state.ts'
import { mostCounted } from '../../comparison/column-kind.ts'
import { columnOf } from '../../table/index.ts'
import { schemaOfColumns } from '../relation.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import { graded } from '../sections/graded.ts'
import { labelChecks } from '../sections/label-checks.ts'
import { columnLabels, columnLabelsOf, type LabelCounts } from '../sections/label-counts.ts'
import { otherFile, withSectionTable } from '../sections/section-table.ts'
import type { SectionResult } from '../sections/table-sections.ts'

type LabelState = NonNullable<ValidationState['labels']>
type Counted = LabelState['current']

const listed = (counts: ReadonlyMap<string, number>) => [...counts].map(([name, count]) => ({ name, count }))

const stored = ({ counts, missing }: LabelCounts) => ({ missing, counts: listed(counts) })

const mapOf = (counts: Counted['counts']) => new Map(counts.map(({ name, count }) => [name, count] as const))

/** In the order in which one table's labels are counted: that of their bytes. */
const counted = ({ counts, missing }: Counted): LabelCounts => ({
  missing,
  counts: mapOf(counts.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))),
})

/** Labels of a part and of the reference, where the schema asks for labels. */
export const labelState = async (
  { sections, columns, folder }: LoadedSchema,
  path: string,
): Promise<LabelState | undefined> => {
  const { column, reference } = sections?.labels ?? {}
  if (column === undefined) return undefined
  const { nullLike } = schemaOfColumns(columns)(column)
  return {
    ...(await withSectionTable(await otherFile(path), async (table) => ({
      type: columnOf(table, column).type,
      current: stored(await columnLabels(table, column, nullLike)),
    }))),
    ...(reference !== undefined && {
      reference: stored(await columnLabelsOf(resolve(folder, reference), column, nullLike)),
    }),
  }
}

const added = (a: Counted, b: Counted): Counted => {
  const sums = mapOf(a.counts)
  for (const { name, count } of b.counts) sums.set(name, (sums.get(name) ?? 0) + count)
  if (sums.size > mostCounted)
    throw new BartizanError('DATA_LABEL_INVALID', `the parts hold more than ${mostCounted} different labels together`, {
      hint: 'is it a column of labels?',
      data: { most: mostCounted },
    })
  return { missing: a.missing + b.missing, counts: listed(sums) }
}

/** A part without a label has no type to speak of. */
const isEmpty = ({ counts }: Counted): boolean => counts.length === 0

/** By this type a label "1.0" becomes "1"; of the others the text is the cell's. */
const isFloat = (type: string): boolean => /^(FLOAT|DOUBLE|DECIMAL)/.test(type)
const isWhole = (type: string): boolean => /INT/.test(type)

/** The type of labels of two types; "?" where the same label may look different. */
const commonType = (a: string, b: string): string => {
  if (a === b) return a
  if (a === '?' || b === '?') return '?'
  if (isFloat(a) || isFloat(b)) return [a, b].every((type) => isFloat(type) || isWhole(type)) ? 'DOUBLE' : '?'
  return 'VARCHAR'
}

/** Labels of two parts as one. */
export const addLabels = (a: LabelState | undefined, b: LabelState | undefined): LabelState | undefined => {
  if (a === undefined || b === undefined) return undefined
  const type = isEmpty(b.current) ? a.type : isEmpty(a.current) ? b.type : commonType(a.type, b.type)
  return { ...a, type, current: added(a.current, b.current) }
}

/** Checks of the labels of the whole. */
export const labelsOfWhole = ({ sections }: LoadedSchema, state: LabelState | undefined): SectionResult => {
  if (sections?.labels === undefined || state === undefined) return { checks: [] }
  const found = labelChecks(
    sections.labels,
    counted(state.current),
    state.reference === undefined ? undefined : counted(state.reference),
  )
  const open = (check: CheckResult): CheckResult => ({
    ...check,
    verdict: 'inconclusive',
    measured: null,
    message: 'the parts hold labels of different types, so that equal ones may look different',
  })
  const checks = state.type === '?' ? found.checks.map(open) : found.checks
  return { checks: graded(checks, sections.labels), labels: found.labels }
}
