import { BartizanError } from '../../../base/errors.ts'
import type { ValidatedPart, ValidationState } from '../../../contract/validation-state.ts'
import type { PlannedTable } from '../plan.ts'
import type { Merging } from '../rules/rule.ts'
import { addLabels } from './label-state.ts'
import { addLeakage } from './leaked-rows.ts'
import { addTexts } from './near-rows.ts'
import type { StateContent } from './state-file.ts'

/** A state and the name it was given by. */
export interface NamedState {
  readonly path: string
  readonly state: ValidationState
}

const shownExamples = 5

const refused = (
  code: 'USAGE' | 'DATA_SHAPE_MISMATCH',
  { path }: NamedState,
  why: string,
  hint: string,
): BartizanError => new BartizanError(code, `${path} can't be merged: ${why}`, { hint, data: { path } })

const columnsText = ({ columns }: ValidationState): string =>
  columns.map(({ name, type }) => `${name} ${type}`).join(', ')

/** Throws USAGE or DATA_SHAPE_MISMATCH where a state is not about a part of the same data set under the same rules. */
export const requireAlike = (
  first: NamedState,
  next: NamedState,
  { schemaSha256, tool }: { readonly schemaSha256: string; readonly tool: ValidationState['tool'] },
): void => {
  const { state } = next
  const again = 'validate the part again, with --partial'
  if (state.schema.sha256 !== schemaSha256)
    throw refused('USAGE', next, `it was validated against another schema (${state.schema.path})`, again)
  if (state.tool.version !== tool.version || state.tool.name !== tool.name)
    throw refused(
      'USAGE',
      next,
      `${state.tool.name} ${state.tool.version} wrote it, and this is ${tool.version}`,
      again,
    )
  const other = state.others.find(
    ({ path, sha256 }) => first.state.others.find((file) => file.path === path)?.sha256 !== sha256,
  )
  if (other !== undefined)
    throw refused('USAGE', next, `${other.path} held something else when ${first.path} was written`, again)
  if (columnsText(state) !== columnsText(first.state))
    throw refused(
      'DATA_SHAPE_MISMATCH',
      next,
      `its part has the columns ${columnsText(state).slice(0, 500)}; that of ${first.path} has ${columnsText(first.state).slice(0, 500)}`,
      'the parts of a data set have the same columns in the same order',
    )
}

/** Throws USAGE where the same rows would be counted twice. Empty parts are equal to one another, and may be. */
export const requireOnce = (states: readonly NamedState[]): void => {
  const seen = new Map<string, string>()
  for (const named of states)
    for (const { sha256, path, rows, unreadable } of named.state.parts) {
      const key = rows + unreadable === 0 ? `${sha256} ${path}` : sha256
      const before = seen.get(key)
      if (before !== undefined)
        throw refused('USAGE', named, `${path} is the same part as ${before}`, 'name every part once')
      seen.set(key, path)
    }
}

const mergers: Readonly<Record<Merging, (a: number | null, b: number | null) => number | null>> = {
  sum: (a, b) => (a ?? 0) + (b ?? 0),
  max: (a, b) => (a === null ? b : b === null ? a : Math.max(a, b)),
}

const later = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? b : a)

type Examples = ValidationState['examples']

const addExamples = (a: Examples, b: Examples, shift: number): Examples => {
  const shifted = b.map(({ check, rows }) => ({ check, rows: rows.map((row) => ({ ...row, part: row.part + shift })) }))
  const ids = [...new Set([...a, ...shifted].map(({ check }) => check))]
  return ids.map((check) => ({
    check,
    rows: [...a, ...shifted]
      .filter((example) => example.check === check)
      .flatMap(({ rows }) => rows)
      .slice(0, shownExamples),
  }))
}

/** What two states say of the rows of both, the first's first. */
const combined = (a: StateContent, b: ValidationState, tables: readonly PlannedTable[]): StateContent => {
  const labels = addLabels(a.labels, b.labels)
  const texts = addTexts(a.texts, b.texts)
  const leakage = addLeakage(a.leakage, b.leakage, a.parts.length)
  return {
    ...a,
    now: later(a.now, b.now),
    parts: [...a.parts, ...b.parts],
    counts: a.counts.map(({ id, looked, broken }, i) => ({
      id,
      looked: looked + b.counts[i]!.looked,
      broken: broken + b.counts[i]!.broken,
    })),
    aggregates: tables.map(({ rule, test }, i) => ({
      id: rule.id,
      values: test.merging.map((how, j) => mergers[how](a.aggregates[i]!.values[j]!, b.aggregates[i]!.values[j]!)),
    })),
    examples: addExamples(a.examples, b.examples, a.parts.length),
    ...(labels && { labels }),
    ...(leakage && { leakage }),
    ...(texts && { texts }),
    open: [...a.open, ...b.open.filter(({ id }) => a.open.every((check) => check.id !== id))],
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join('\0') === b.join('\0')

/**
 * What all states say together: sums, extremes and the first examples, whatever tree they are merged in. `rows`: ids of
 * the tests of rows. Throws DATA_CORRUPT where a state doesn't hold what its schema asks.
 */
export const combineStates = (
  states: readonly [NamedState, ...NamedState[]],
  rows: readonly string[],
  tables: readonly PlannedTable[],
): StateContent => {
  for (const { path, state } of states) {
    const holds =
      isSame(
        state.counts.map(({ id }) => id),
        rows,
      ) &&
      isSame(
        state.aggregates.map(({ id }) => id),
        tables.map(({ rule }) => rule.id),
      ) &&
      state.aggregates.every(({ values }, i) => values.length === tables[i]!.test.aggregates.length)
    if (!holds)
      throw new BartizanError('DATA_CORRUPT', `${path} does not hold what its schema asks`, { data: { path } })
  }
  const [first, ...more] = states
  const { kind: _, stateVersion: __, sha256: ___, ...content } = first.state
  return more.reduce<StateContent>((sum, { state }) => combined(sum, state, tables), content)
}

/** Rows of a part, those that could not be read among them. */
export const rowsOf = ({ rows, unreadable }: ValidatedPart): number => rows + unreadable
