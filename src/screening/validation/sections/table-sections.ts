import { resolve } from 'node:path'
import type { CheckResult } from '../../../contract/validation.ts'
import { type Accuse, duplicatesIn, type LeakageReport, leakageIn } from '../../duplicates/index.ts'
import type { ScreenedTable } from '../../table/index.ts'
import { schemaOfColumns } from '../relation.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { LabelsSection } from '../schema/yaml-sections.ts'
import { checkFitting } from './fitting.ts'
import { graded, present } from './graded.ts'
import { declaredClasses, type LabelDistribution, labelChecks } from './label-checks.ts'
import { columnLabels, columnLabelsOf } from './label-counts.ts'
import { otherFile, type SectionFile, withSectionTable } from './section-table.ts'
import { accuseUnlabelled } from './unlabelled-rows.ts'

/** What the sections of a schema found. */
export interface SectionResult {
  readonly checks: readonly CheckResult[]
  readonly labels?: LabelDistribution
  /** What was found in each of the other splits. */
  readonly leakage?: readonly LeakageReport[]
}

/** Files that the sections name, absolute, each once: other splits, references, labels that stand apart. */
export const sectionFiles = ({ sections, folder }: LoadedSchema): readonly string[] => {
  const files = [
    ...(sections?.leakage ?? []).map(({ file }) => file),
    sections?.labels?.reference,
    sections?.labels?.file,
  ]
  return [...new Set(files.filter((file) => file !== undefined).map((file) => resolve(folder, file)))]
}

/** Ids that begin as those of the section's checks do. */
const accusing =
  (accuse: Accuse, prefix: string): Accuse =>
  (accusation) =>
    accuse({ ...accusation, check: `${prefix}.${accusation.check}` })

/** Checks on the table's rows against one another and against those of other files. */
const rowSections = async (
  schema: LoadedSchema,
  table: ScreenedTable,
  accuse: Accuse,
): Promise<Required<Pick<SectionResult, 'checks' | 'leakage'>>> => {
  const { duplicates, leakage = [] } = checkFitting(schema, 'table')
  const { path } = table
  const checks: CheckResult[] = []
  const reports: LeakageReport[] = []
  if (duplicates !== undefined) {
    const { ignore, target, text, 'near-rows': nearRows, 'at-most': atMost, similarity } = duplicates
    const found = await duplicatesIn(table, {
      path,
      ...present({ ignore, target, text, nearRows }),
      options: present({ duplicates: atMost, similarity }),
      accuse: accusing(accuse, 'duplicates'),
    })
    checks.push(...graded(found.checks, duplicates, 'duplicates'))
  }
  for (const [i, entry] of leakage.entries()) {
    const { ignore, target, time, text, similarity } = entry
    const prefix = `leakage[${i}]`
    const other = await otherFile(resolve(schema.folder, entry.file))
    const found = await withSectionTable(other, (train) =>
      leakageIn(train, table, {
        train: other.path,
        test: path,
        ...present({ ignore, target, time, text }),
        options: present({ similarity }),
        accuse: accusing(accuse, prefix),
      }),
    )
    reports.push(found)
    checks.push(...graded(found.checks, entry, prefix))
  }
  return { checks, leakage: reports }
}

/**
 * Duplicates, leakage against other files and labels of a table; `accuse` is told the rows at fault. Throws CONFIG_INVALID
 * for columns that don't exist.
 */
export const tableSections = async (
  schema: LoadedSchema,
  file: SectionFile,
  accuse: Accuse,
): Promise<SectionResult> => {
  const { duplicates, leakage, labels } = checkFitting(schema, 'table')
  if ((duplicates ?? leakage ?? labels?.column) === undefined) return { checks: [] }
  return withSectionTable(file, async (table) => {
    const rows = (duplicates ?? leakage) === undefined ? { checks: [] } : await rowSections(schema, table, accuse)
    if (labels?.column === undefined) return rows
    const found = await labelSection(schema, { ...labels, column: labels.column }, table, accuse)
    return { ...rows, checks: [...rows.checks, ...found.checks], labels: found.labels }
  })
}

/** Labels in a column, by themselves and against those of a reference. */
const labelSection = async (
  schema: LoadedSchema,
  labels: LabelsSection & { readonly column: string },
  table: ScreenedTable,
  accuse: Accuse,
): Promise<SectionResult> => {
  const { column, reference } = labels
  const { nullLike } = schemaOfColumns(schema.columns)(column)
  const current = await columnLabels(table, column, nullLike)
  const before =
    reference === undefined ? undefined : await columnLabelsOf(resolve(schema.folder, reference), column, nullLike)
  const found = labelChecks(labels, current, before)
  await accuseUnlabelled(table, column, { nullLike, declared: declaredClasses(labels) }, accuse)
  return { checks: graded(found.checks, labels), labels: found.labels }
}
