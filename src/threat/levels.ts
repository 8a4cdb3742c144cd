import type { Goal } from './goal/goal.ts'

/** What a stored value can be: `count` numbers spread evenly from `low` to `high`, both included; 256 for bytes. */
export interface Levels {
  readonly count: number
  readonly low: number
  readonly high: number
}

/** To the nearest level, or to the next one in the direction of the clean value, or away from it. */
export type Rounding = 'nearest' | 'inward' | 'outward'

/**
 * A candidate as a file can hold it. Values that land on the clean value's level are the clean value itself; `inward`
 * makes no change larger than it was, provided that the clean row lies on levels.
 */
export const onLevels = (
  clean: Float32Array,
  candidate: Float32Array,
  { count, low, high }: Levels,
  rounding: Rounding,
): Float32Array => {
  const step = (high - low) / (count - 1)
  return candidate.map((value, i) => {
    const own = Math.round((clean[i]! - low) / step)
    const at = (value - low) / step
    // Float32 puts a level a hair beside itself.
    const near = Math.round(at)
    const exact = Math.abs(at - near) < 1e-3 ? near : at
    const level =
      rounding === 'nearest' ? near : (rounding === 'inward') === exact > own ? Math.floor(exact) : Math.ceil(exact)
    const kept = Math.min(Math.max(level, 0), count - 1)
    return kept === own ? clean[i]! : low + kept * step
  })
}

export interface StoredRequest {
  readonly levels: Levels
  readonly size: number
  readonly x: Float32Array
  /** Rounded in place. */
  readonly adversarial: Float32Array
  /** Rows whose candidates are to be rounded. */
  readonly rows: readonly number[]
  readonly goal: Goal
  /** Whether a row, changed so, is within budget and constraints. */
  fits(row: number, candidate: Float32Array): boolean
  logits(x: Float32Array, rows: number): Promise<Float32Array>
}

/**
 * Rounds candidates to levels, so that only what survives being stored counts: to the nearest, or inward where that would
 * leave the budget; rows that then hold are tried rounded outward once more, where the budget has room. A row for which
 * no rounding fits gets its clean values back.
 */
export const storeOnLevels = async (request: StoredRequest): Promise<void> => {
  const { levels, size, x, adversarial, rows, goal, fits, logits } = request
  const of = (values: Float32Array, row: number): Float32Array => values.subarray(row * size, (row + 1) * size)
  const found = new Map(rows.map((row) => [row, of(adversarial, row).slice()]))
  const rounded = (row: number, rounding: Rounding): Float32Array =>
    onLevels(of(x, row), found.get(row)!, levels, rounding)
  for (const row of rows) {
    const near = rounded(row, 'nearest')
    const stored = fits(row, near) ? near : rounded(row, 'inward')
    adversarial.set(fits(row, stored) ? stored : of(x, row), row * size)
  }
  const holds = async (those: readonly number[], values: Float32Array): Promise<readonly number[]> => {
    const broken = goal.broken(Int32Array.from(those), await logits(values, those.length))
    return those.filter((_, i) => broken[i] !== 1)
  }
  const gathered = (those: readonly number[], of: (row: number) => Float32Array): Float32Array => {
    const values = new Float32Array(those.length * size)
    for (const [i, row] of those.entries()) values.set(of(row), i * size)
    return values
  }
  if (rows.length === 0) return
  const standing = await holds(
    rows,
    gathered(rows, (row) => of(adversarial, row)),
  )
  const outward = new Map(standing.map((row) => [row, rounded(row, 'outward')]))
  const tried = standing.filter((row) => fits(row, outward.get(row)!))
  if (tried.length === 0) return
  const still = new Set(
    await holds(
      tried,
      gathered(tried, (row) => outward.get(row)!),
    ),
  )
  for (const row of tried) if (!still.has(row)) adversarial.set(outward.get(row)!, row * size)
}
