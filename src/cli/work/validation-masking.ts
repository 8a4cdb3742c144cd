import type { Validation } from '../../contract/validation.ts'
import type { TableValidation } from '../../screening/validation/index.ts'

type Finder = (
  text: string,
  options: { readonly column: string },
) => readonly { readonly start: number; readonly end: number; readonly kind: string }[]

/** `text` with each stretch of personal data replaced by its kind: "[email]". */
const maskedBy = (find: Finder, text: string, column: string): string => {
  const hits = [...find(text, { column })].sort((a, b) => a.start - b.start)
  let masked = ''
  let at = 0
  for (const { start, end, kind } of hits) {
    if (start < at) continue
    masked += `${text.slice(at, start)}[${kind}]`
    at = end
  }
  return masked + text.slice(at)
}

/** Example rows fit for a report that others read. Quarantine files keep the values: they are data, with its rights. */
export const maskedExamples = async (examples: TableValidation['examples']): Promise<Validation['examples']> => {
  if (examples.length === 0) return []
  const { findPii } = await import('../../screening/pii/index.ts')
  return examples.map(({ check, rows }) => ({
    check,
    masked: true,
    rows: rows.map(({ row, values }) => ({
      row,
      values: Object.fromEntries(
        Object.entries(values).map(([column, value]) => [
          column,
          value === null ? null : maskedBy(findPii, value, column),
        ]),
      ),
    })),
  }))
}
