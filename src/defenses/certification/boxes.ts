/**
 * Boxes in groups (trees, or several trees together), in one list: those of group t are `firstBox[t]` up to
 * `firstBox[t + 1]`, and the bounds of box b are `firstBound[b]` up to `firstBound[b + 1]`. The boxes of a group have no
 * point in common; every point that can count lies in one of each group.
 */
export interface Boxes {
  readonly groups: number
  readonly count: number
  readonly features: number
  /** The range of the input. */
  readonly low: number
  readonly high: number
  readonly firstBox: Int32Array
  readonly firstBound: Int32Array
  readonly feature: Int32Array
  readonly lower: Float64Array
  readonly upper: Float64Array
}
