import { attacks } from '../attacks/index.ts'
import type { PlannedProbe } from './battery.ts'
import type { ProbeRecord } from './probe-record.ts'

/** Distances of rows that were moved by the whole budget exceed it by rounding. */
const slack = 1e-6

/**
 * Whether a probe broke a row within `epsilon`. An attack that looks for the smallest change answers for every budget;
 * any other for its own and larger ones, and a severity for itself alone.
 */
export const brokenWithin = ({ attack, norm, epsilon: own, outcome }: ProbeRecord, row: number, epsilon: number) =>
  outcome.broken[row] === true &&
  (norm === 'severity'
    ? own === epsilon
    : own <= epsilon || (answersForAll(attack) && outcome.distances[row]! <= epsilon * (1 + slack)))

/** Whether one run of the attack answers for every budget up to its own. */
export const answersForAll = (attack: string): boolean => attacks.get(attack)?.minimal === true

interface Standing {
  readonly alreadyBroken: ReadonlySet<number>
  /** Why there is nothing left to attack. */
  readonly nothingLeft?: string
}

type Left = Pick<PlannedProbe, 'norm' | 'epsilon' | 'attack' | 'rows' | 'standing'>

/**
 * Rows that probes before this one broke within its budget, in the same norm: one that only looks for what is left
 * doesn't attack them again. Of an attack that looks for the smallest change every budget wants an answer, so there only
 * rows that break at `least`, the smallest, are settled.
 */
export const standingRows = (
  { norm, epsilon, attack, rows, standing }: Left,
  records: readonly ProbeRecord[],
  least: number,
): Standing => {
  const alreadyBroken = new Set<number>()
  if (!standing) return { alreadyBroken }
  const within = attack.minimal ? least : epsilon
  const before = records.filter((record) => record.norm === norm)
  const right = before.reduce<readonly boolean[]>(
    (longest, { outcome }) => (outcome.right.length > longest.length ? outcome.right : longest),
    [],
  )
  const chosen = right.slice(0, rows)
  for (const row of chosen.keys())
    if (before.some((record) => brokenWithin(record, row, within))) alreadyBroken.add(row)
  if (chosen.length === 0 || chosen.some((able, row) => able && !alreadyBroken.has(row))) return { alreadyBroken }
  return { alreadyBroken, nothingLeft: 'the attacks before it broke every row within the budget' }
}

/** Whether it attacked only what others left: its figures are of those rows, and can't be compared with others'. */
export const ofStandingRows = ({ outcome }: Pick<ProbeRecord, 'outcome'>): boolean =>
  outcome.alreadyBroken !== undefined
