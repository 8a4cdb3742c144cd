import { statInput } from '../../data/files.ts'
import type { ExampleRow } from './scan.ts'
import type { Severity } from './schema/model.ts'
import { digestOfData } from './sections/data-digest.ts'
import { type DataItem, itemLayout, writeItems } from './sections/data-items.ts'
import { dataKind } from './sections/data-kind.ts'
import { checkFitting, type DataKind } from './sections/fitting.ts'
import { type ItemLabels, itemLabels } from './sections/item-labels.ts'
import { type Items, itemsAt } from './sections/items.ts'
import { classesId } from './sections/label-checks.ts'
import { sectionFiles } from './sections/table-sections.ts'
import { type TableValidation, type ValidateOptions, validateTable } from './validate.ts'

export interface DataValidation extends TableValidation {
  readonly kind: DataKind
}

/**
 * Validates a table, a folder of images or a file of arrays. `quarantine` and `passed` of the latter list images or row
 * numbers, with the reasons: .csv, .tsv or .jsonl. Throws as `validateTable`, and CONFIG_INVALID for a schema that says
 * nothing about such data.
 */
export const validateData = async (options: ValidateOptions): Promise<DataValidation> => {
  const { path, schema, quarantine, passed } = options
  const kind = await dataKind(path)
  if (kind === 'table') return { kind, ...(await validateTable(options)) }
  const { labels } = checkFitting(schema, kind)
  if (quarantine !== undefined) itemLayout(quarantine, '--quarantine')
  if (passed !== undefined) itemLayout(passed, '--passed')
  for (const other of sectionFiles(schema)) await statInput(other)
  const found = await itemsAt(schema, path, kind)
  const labelled = await itemLabels(labels, schema, path, kind)
  const { items, examples } = withLabels(found, labelled, labels?.severity)
  const isFaulty = ({ reasons }: DataItem): boolean => reasons.length > 0
  const [bad, good] = [items.filter(isFaulty), items.filter((item) => !isFaulty(item))]
  const hasImage = kind === 'images'
  if (quarantine !== undefined) await writeItems(quarantine, '--quarantine', bad, hasImage)
  if (passed !== undefined) await writeItems(passed, '--passed', good, hasImage)
  return {
    kind,
    rows: { in: items.length, passed: good.length, quarantined: bad.length },
    checks: [...found.checks, ...labelled.checks],
    examples,
    ...(labelled.labels && { labels: labelled.labels }),
    sha256: await digestOfData(path),
  }
}

const shown = 5

/** Items that also fail for their label, unless that is but a warning, with the first of them as examples. */
const withLabels = (
  { items, examples }: Items,
  { unlabelled }: Pick<ItemLabels, 'unlabelled'>,
  severity: Severity = 'error',
): Pick<Items, 'items' | 'examples'> => {
  if (unlabelled === undefined) return { items, examples }
  const first = items.filter(unlabelled).slice(0, shown)
  const rows = first.map(({ row, image }): ExampleRow => ({ row, values: image === undefined ? {} : { image } }))
  return {
    items:
      severity === 'warning'
        ? items
        : items.map((item) => (unlabelled(item) ? { ...item, reasons: [...item.reasons, classesId] } : item)),
    examples: rows.length === 0 ? examples : [...examples, { check: classesId, rows }],
  }
}
