import { resolve } from 'node:path'
import type { CheckResult } from '../../../contract/validation.ts'
import { findDuplicates, findLeakage } from '../../duplicates/index.ts'
import { schemaOfColumns } from '../relation.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import { checkFitting } from './fitting.ts'
import { graded, present } from './graded.ts'
import { type LabelDistribution, labelChecks } from './label-checks.ts'
import { columnLabels } from './label-counts.ts'

/** What the sections of a schema found. */
export interface SectionResult {
  readonly checks: readonly CheckResult[]
  readonly labels?: LabelDistribution
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

/** Duplicates, leakage against other files and labels of a table. Throws CONFIG_INVALID for columns that don't exist. */
export const tableSections = async (schema: LoadedSchema, path: string): Promise<SectionResult> => {
  const { duplicates, leakage = [], labels } = checkFitting(schema, 'table')
  const checks: CheckResult[] = []
  if (duplicates !== undefined) {
    const { ignore, target, text, 'near-rows': nearRows, 'at-most': atMost, similarity } = duplicates
    const found = await findDuplicates({
      path,
      ...present({ ignore, target, text, nearRows }),
      options: present({ duplicates: atMost, similarity }),
    })
    checks.push(...graded(found.checks, duplicates, 'duplicates'))
  }
  for (const [i, entry] of leakage.entries()) {
    const { file, ignore, target, time, text, similarity } = entry
    const found = await findLeakage({
      train: resolve(schema.folder, file),
      test: path,
      ...present({ ignore, target, time, text }),
      options: present({ similarity }),
    })
    checks.push(...graded(found.checks, entry, `leakage[${i}]`))
  }
  if (labels?.column === undefined) return { checks }
  const { nullLike } = schemaOfColumns(schema.columns)(labels.column)
  const current = await columnLabels(path, labels.column, nullLike)
  const { reference } = labels
  const before =
    reference === undefined ? undefined : await columnLabels(resolve(schema.folder, reference), labels.column, nullLike)
  const found = labelChecks(labels, current, before)
  return { checks: [...checks, ...graded(found.checks, labels)], labels: found.labels }
}
