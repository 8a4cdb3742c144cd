import type { Draft } from './draft.ts'
import { type ColumnPair, type ColumnProfile, present } from './profile.ts'

/** What the cells of a column are, whatever the file calls them. */
const contentOf = (profile: ColumnProfile): 'numbers' | 'text' | 'mixed' =>
  profile.notNumbers === 0 ? 'numbers' : profile.notNumbers === present(profile) ? 'text' : 'mixed'

const told = (profile: ColumnProfile): string =>
  `${profile.type}, ${profile.notNumbers} of ${present(profile)} cells not a number`

/**
 * Whether numbers stayed numbers and text stayed text. No test: one text in a column of numbers is no accident of
 * sampling. A column that held both may hold either.
 */
export const typeDraft = ({ kind, reference, current }: ColumnPair): Draft => {
  const base = { id: `${reference.column}.type`, column: reference.column, n: present(current) }
  const [before, after] = [contentOf(reference), contentOf(current)]
  const expected = kind === 'time' ? 'times' : before === 'mixed' ? 'anything' : before
  const required = `${expected}, as in the reference`
  if (present(reference) === 0 || present(current) === 0)
    return { ...base, measured: current.type, required, found: 'one of the tables has no values here' }
  const changed = kind === 'time' ? reference.type !== current.type : before !== 'mixed' && before !== after
  return {
    ...base,
    measured: current.type,
    required,
    effect: Math.abs(current.notNumbers / present(current) - reference.notNumbers / present(reference)),
    found: changed ? `the type changed: ${told(reference)}; then ${told(current)}` : `${expected} in both tables`,
    verdict: changed ? 'failed' : 'passed',
  }
}
