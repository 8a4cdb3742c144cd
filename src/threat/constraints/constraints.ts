import type { Norm } from '../norm.ts'

/** How far a candidate may be from its clean row. */
export interface Budget {
  readonly norm: Norm
  readonly epsilon: number
}

/**
 * What a feature holds: any number, whole multiples of a step, codes without an order, or one place of a one-hot group.
 */
export type FeatureKind = 'number' | 'integer' | 'category' | 'member'

/** What a candidate must keep to besides range and budget: what can't change, what is whole, what depends on what. */
export interface Constraints {
  /**
   * The candidate of one row brought into the constraints, as near as they let it; `x0` is the clean row. With a budget,
   * also into that, which is possible wherever the clean row keeps to the constraints. What can't be repaired still
   * breaks them. `into`: where it is written to, which may be `x`; a new array, if left out.
   */
  repair(x0: Float32Array, x: Float32Array, budget?: Budget, into?: Float32Array): Float32Array
  /** Names every constraint that the candidate of one row breaks. */
  violations(x0: Float32Array, x: Float32Array): readonly string[]
  kind(feature: number): FeatureKind
  /** Lowest and highest value of a feature, given the clean row. */
  interval(x0: Float32Array, feature: number): readonly [number, number]
  /** Values of a category or an integer that the clean row may get, nearest first, at most `most`; of a number none. */
  choices(x0: Float32Array, feature: number, most: number): readonly number[]
  /** Features of which exactly one is 1 and the others are 0. */
  readonly groups: readonly (readonly number[])[]
}
