/** Which way a feature may go from its clean value. */
export type Change = 'any' | 'none' | 'up' | 'down'

/** What one feature must keep to. */
export interface FeatureRule {
  /** Names its rules: "columns.age". */
  readonly name: string
  readonly change: Change
  readonly low: number
  readonly high: number
  /** Values are whole multiples of it. */
  readonly step?: number
  /** The values there are, upwards. */
  readonly values?: readonly number[]
}

/** Features of which exactly one is 1 and the others are 0. */
export interface GroupRule {
  readonly name: string
  readonly members: readonly number[]
}

/** low <= sum of factor times feature <= high. */
export interface RelationRule {
  readonly name: string
  readonly terms: readonly { readonly feature: number; readonly factor: number }[]
  readonly low: number
  readonly high: number
}

/** Everything that the rows of a table must keep to. */
export interface Rules {
  readonly features: readonly FeatureRule[]
  readonly groups: readonly GroupRule[]
  readonly relations: readonly RelationRule[]
  /** What a change of 1 means in each feature: "nearest" is measured in these. */
  readonly unit: Float64Array
}

/** Whether two numbers are the same up to what float32 and a change of units may do to them. */
export const same = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 2 ** -21 * Math.max(Math.abs(a), Math.abs(b))

/** Lowest and highest value of a feature whose clean value is `clean`. */
export const intervalOf = ({ change, low, high }: FeatureRule, clean: number): readonly [number, number] => {
  if (change === 'none') return [clean, clean]
  return [change === 'up' ? Math.max(low, clean) : low, change === 'down' ? Math.min(high, clean) : high]
}

/** What rounding to float32 may do to a sum, as a share of its largest part. */
const rounding = 2 ** -20

/** How far a row is from keeping a relation, and which way; 0 where it does, up to a share of its terms. */
export const gapOf = ({ terms, low, high }: RelationRule, x: ArrayLike<number>, share = rounding): number => {
  let sum = 0
  let size = 0
  for (const { feature, factor } of terms) {
    sum += factor * x[feature]!
    size += Math.abs(factor * x[feature]!)
  }
  const gap = sum < low ? sum - low : sum > high ? sum - high : 0
  return Math.abs(gap) <= share * Math.max(size, Math.abs(gap < 0 ? low : high)) ? 0 : gap
}
