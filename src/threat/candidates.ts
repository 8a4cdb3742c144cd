import type { AttackRequest } from './attack-request.ts'
import { changesIn, fromUnits, toUnits } from './constraints/units.ts'
import { distanceAt, distances, isNorm, type Norm, tolerance } from './norm.ts'
import { rowsWhere } from './rows.ts'

/**
 * A row's candidate within range and constraints; undefined where there is none. What was within the budget stays in it.
 * `at`: where the clean row stands in x.
 */
export const allowed = (request: AttackRequest, candidate: Float32Array, at: number): Float32Array | undefined => {
  const { attack, x, low, high, constraints, units, norm, epsilon } = request
  if (hasNaN(candidate)) return undefined
  const clean = x.subarray(at, at + candidate.length)
  const raw = units ? fromUnits(units, candidate, clean, toUnits(units, clean)) : candidate
  const clipped = raw.map((value) => Math.min(Math.max(value, low), high))
  if (!constraints) return clipped
  // An attack that looks for the smallest change answers for every budget: it keeps the change that it found.
  const budget = attack.minimal || !isNorm(norm) ? undefined : { norm, epsilon }
  const repaired = constraints.repair(clean, clipped, budget)
  return constraints.violations(clean, repaired).length === 0 ? repaired : undefined
}

/**
 * Whether a row, changed so, keeps to the budget and the constraints; attacks that look for the smallest change, and
 * changes that no norm measures, have no budget here.
 */
export const fitsIn =
  (request: AttackRequest) =>
  (row: number, candidate: Float32Array): boolean => {
    const { attack, x, norm, epsilon, constraints, units } = request
    const clean = x.subarray(row * candidate.length, (row + 1) * candidate.length)
    if (constraints && constraints.violations(clean, candidate).length > 0) return false
    if (attack.minimal || !isNorm(norm)) return true
    const change = units ? changesIn(units, candidate, clean) : candidate.map((value, i) => value - clean[i]!)
    const slack = tolerance(norm, epsilon, candidate.length, largestValue({ ...request, x: clean }, candidate))
    return distanceAt(norm, change, new Float32Array(change.length), 0, change.length) <= epsilon + slack
  }

/** Rows that break the constraints before anything is done to them. */
export const outsideConstraints = (
  { constraints, x, model: { size } }: AttackRequest,
  rows: number,
): readonly number[] => {
  if (!constraints) return []
  const row = (at: number): Float32Array => x.subarray(at * size, (at + 1) * size)
  return [...rowsWhere(rows, (at) => constraints.violations(row(at), row(at)).length > 0)]
}

/** The size of each row's change, as the budget is measured. */
export const changeSizes = (
  { x, model: { size }, units }: AttackRequest,
  norm: Norm,
  adversarial: Float32Array,
): Float64Array =>
  units
    ? distances(norm, changesIn(units, adversarial, x), new Float32Array(x.length), size)
    : distances(norm, adversarial, x, size)

/** The largest number that a distance was made of: what float32 rounding is relative to. */
export const largestValue = ({ x, low, high, units }: AttackRequest, adversarial: Float32Array): number => {
  if (!units) return Math.max(Math.abs(low), Math.abs(high))
  const largest = (values: Float32Array): number =>
    values.reduce((most, value, i) => Math.max(most, Math.abs(value) / units.unit[i % units.unit.length]!), 0)
  return Math.max(largest(x), largest(adversarial), ...units.range.map(Math.abs))
}

export const hasNaN = (values: Float32Array): boolean => values.some((value) => Number.isNaN(value))
