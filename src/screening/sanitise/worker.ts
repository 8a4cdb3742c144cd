import { restoredText } from './actions/token.ts'
import type { CellSanitiser } from './cell.ts'
import type { Piece } from './draft.ts'
import type { SanitisingKey } from './keys/key-file.ts'
import { type ColumnRules, columnRules, type Policy } from './policy/policy.ts'
import type { Tally } from './tally.ts'

/** A cell that changes. `pieces`, where there are any, tell which of its parts are the original's. */
export interface ChangedCell {
  readonly text: string
  readonly pieces?: readonly Piece[]
}

/** Takes the cells of a table row by row, whatever the file's format. */
export interface Worker {
  /** Begins a data row (from 0), or the header (null). */
  readonly begin: (row: number | null) => void
  /** What the cell becomes; nothing where it stays. `name`: what the column is called, without the path to it. */
  readonly cell: (text: string, column: string | null, name?: string) => ChangedCell | undefined
  /** Like `cell`, for what may be looked at and not changed: the keys of an object. */
  readonly look: (text: string, column: string | null) => void
  /** Whether the rules say what the cells of a column are, so that they are to be taken whatever their type. */
  readonly declares: (column: string) => boolean
  /** Ends the row; whether it stays. */
  readonly end: () => boolean
}

/** A header is content that a reader sees, and its names are no personal data. */
const headerRules = (policy: Policy): ColumnRules => ({
  actionOf: (kind) => (policy.actions[kind].name === 'drop' ? { name: 'report' } : policy.actions[kind]),
  piiKinds: [],
  minScore: 1,
})

/** Only reports, whatever the rules say. */
const looking = (rules: ColumnRules): ColumnRules => ({
  ...rules,
  actionOf: (kind) => ({ name: rules.actionOf(kind).name === 'ignore' ? 'ignore' : 'report' }),
})

/** A worker that sanitises, and counts in `tally` what it does. */
export const sanitisingWorker = (policy: Policy, sanitise: CellSanitiser, tally: Tally): Worker => {
  const known = new Map<string | null, ColumnRules | undefined>()
  const header = headerRules(policy)
  const looked = new Map<string | null, ColumnRules | undefined>()
  let row: number | null = null
  let [dropped, changed] = [false, false]
  const rulesOf = (column: string | null): ColumnRules | undefined => {
    if (row === null) return header
    if (!known.has(column)) known.set(column, columnRules(policy, column ?? undefined))
    return known.get(column)
  }
  return {
    begin(next) {
      row = next
      dropped = changed = false
    },
    cell(text, column, name = column ?? undefined) {
      if (row !== null) tally.cell()
      const rules = text === '' ? undefined : rulesOf(column)
      const result = rules && sanitise(text, rules, row === null ? undefined : name)
      if (result === undefined) return undefined
      tally.hits({ row, column }, result.hits)
      if (result.drop) dropped = true
      if (result.text === text) return undefined
      if (!result.drop) tally.cellChanged()
      changed = true
      return result
    },
    look(text, column) {
      if (!looked.has(column)) {
        const rules = rulesOf(column)
        looked.set(column, rules && looking(rules))
      }
      const rules = looked.get(column)
      const result = rules && sanitise(text, rules)
      if (result !== undefined) tally.hits({ row, column }, result.hits)
    },
    declares: (column) => columnRules(policy, column)?.as !== undefined,
    end() {
      if (row !== null) tally.row({ dropped, changed })
      return !dropped
    },
  }
}

/** A worker that turns the tokens of `key` back. */
export const restoringWorker = (key: SanitisingKey, path: string, tally: Tally): Worker => {
  let row: number | null = null
  let changed = false
  return {
    begin(next) {
      row = next
      changed = false
    },
    cell(text, column) {
      if (row !== null) tally.cell()
      if (!text.includes('tok[')) return undefined
      const restored = restoredText(key, text, () =>
        [
          path,
          ...(row === null ? ['header'] : [`row ${row}`]),
          ...(column === null ? [] : [`column "${column}"`]),
        ].join(', '),
      )
      const found = restored.pieces.filter(({ kept }) => !kept)
      if (found.length === 0) return undefined
      changed = true
      tally.cellChanged()
      tally.hits(
        { row, column },
        found.map(({ from, to }) => ({
          kind: 'secret' as const,
          rule: 'token',
          action: 'restore' as const,
          start: from,
          end: to,
          score: 1,
        })),
      )
      return restored
    },
    look: () => undefined,
    declares: () => false,
    end() {
      if (row !== null) tally.row({ changed })
      return true
    },
  }
}
