import type { Validation } from '../../contract/validation.ts'
import type { LabelDistribution, LoadedSchema, TableValidation } from '../../screening/validation/index.ts'

/** `text`, a cell of `column`, with each stretch of personal data replaced by its kind: "[email]". */
export type Mask = (text: string, column: string) => string

/** Loads the detectors. */
export const masking = async (): Promise<Mask> => {
  const { findPii } = await import('../../screening/pii/index.ts')
  return (text, column) => {
    let masked = ''
    let at = 0
    for (const { start, end, kind } of findPii(text, { column })) {
      masked += `${text.slice(at, start)}[${kind}]`
      at = end
    }
    return masked + text.slice(at)
  }
}

/** Characters at which the values of example rows are cut. */
const cutAt = 200

/** Without the word that the cut may have gone through: half an address is no longer found, and still tells. */
const whole = (value: string): string => ([...value].length < cutAt ? value : value.replace(/\S{1,64}$/u, '…'))

/** Names of classes fit for a report. */
export const maskedLabels = async (
  { classes, ...rest }: LabelDistribution,
  { sections }: Pick<LoadedSchema, 'sections'>,
): Promise<LabelDistribution> => {
  const mask = await masking()
  const column = sections?.labels?.column ?? 'label'
  return { ...rest, classes: classes.map((found) => ({ ...found, name: mask(found.name, column) })) }
}

/** Example rows fit for a report that others read. Quarantine files keep the values: they are data, with its rights. */
export const maskedExamples = async (examples: TableValidation['examples']): Promise<Validation['examples']> => {
  if (examples.length === 0) return []
  const mask = await masking()
  return examples.map(({ check, rows }) => ({
    check,
    masked: true,
    rows: rows.map(({ row, values }) => ({
      row,
      values: Object.fromEntries(
        Object.entries(values).map(([column, value]) => [column, value === null ? null : mask(whole(value), column)]),
      ),
    })),
  }))
}
