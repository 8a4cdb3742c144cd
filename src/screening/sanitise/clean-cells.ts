import { columnKinds } from '../pii/index.ts'
import type { ColumnRules } from './policy/policy.ts'

const longestText = 48
const mostTexts = 4096
const mostColumns = 256
/** A short number says nothing by itself; where the column's name says what it is, it is looked at. */
const shortNumber = /^-?\d{0,5}(?:\.\d{0,3})?$/

/** Cells known to hold nothing, so that a column of few values is looked at once a value. */
export interface CleanCells {
  readonly has: (text: string) => boolean
  readonly add: (text: string) => void
}

const remembering = (numbers: boolean): CleanCells => {
  const seen = new Set<string>()
  return {
    has: (text) => text.length <= longestText && ((numbers && shortNumber.test(text)) || seen.has(text)),
    add(text) {
      if (text.length <= longestText && seen.size < mostTexts) seen.add(text)
    },
  }
}

const nothing: CleanCells = { has: () => false, add: () => undefined }

/** The memory of each set of rules and column name; bounded, whatever a file holds. */
export const cleanCells = (): ((rules: ColumnRules, column: string | undefined) => CleanCells) => {
  const known = new Map<ColumnRules, Map<string | undefined, CleanCells>>()
  let count = 0
  return (rules, column) => {
    const found = known.get(rules)?.get(column)
    if (found !== undefined) return found
    if (count >= mostColumns) return nothing
    count++
    const numbers = rules.as === undefined && column !== undefined && columnKinds(column).length === 0
    const made = remembering(numbers)
    known.set(rules, (known.get(rules) ?? new Map<string | undefined, CleanCells>()).set(column, made))
    return made
  }
}
