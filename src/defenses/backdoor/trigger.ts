import type { TriggerKind } from '../../contract/index.ts'
import { type Grid, gridOf, pixelsOf } from '../../threat/grid.ts'

/** A change that turns rows into a class, whatever they show. */
export interface Trigger {
  readonly kind: TriggerKind
  /** Of a patch: how much of each pixel is replaced, 0 to 1. */
  readonly mask?: Float32Array
  /** Of a patch: what replaces it, a row. Of a blended pattern: what is added to a row. */
  readonly pattern: Float32Array
}

/** Where rows with a trigger live. */
export interface TriggerSpace {
  readonly grid: Grid
  /** Which pixel each value of a row belongs to. */
  readonly pixels: Int32Array
  readonly low: number
  readonly high: number
}

export const triggerSpace = (dims: readonly number[], low: number, high: number): TriggerSpace => {
  const grid = gridOf(dims)
  return { grid, pixels: pixelsOf(grid), low, high }
}

/** Rows with the trigger on them: (1 - m) x + m p, or x + p kept within the range. */
export const withTrigger = (
  { mask, pattern }: Pick<Trigger, 'mask' | 'pattern'>,
  x: Float32Array,
  { pixels, low, high }: TriggerSpace,
): Float32Array => {
  const size = pattern.length
  const result = new Float32Array(x.length)
  for (let at = 0, i = 0; at < x.length; at++, i = i + 1 === size ? 0 : i + 1) {
    if (mask) {
      const share = mask[pixels[i]!]!
      result[at] = (1 - share) * x[at]! + share * pattern[i]!
    } else result[at] = Math.min(Math.max(x[at]! + pattern[i]!, low), high)
  }
  return result
}

/**
 * How much of a row a trigger changes: the sum of its mask, in pixels; of a blended pattern, the sum over pixels of the
 * change as a share of the range, the mean of its channels.
 */
export const l1Of = ({ mask, pattern }: Trigger, { grid, low, high }: TriggerSpace): number => {
  if (mask) return mask.reduce((sum, share) => sum + share, 0)
  return pattern.reduce((sum, value) => sum + Math.abs(value), 0) / (high - low) / grid.channels
}

/** Euclidean size of a blended pattern, as a share of the range; of a patch, of its mask. */
export const l2Of = ({ mask, pattern }: Trigger, { low, high }: TriggerSpace): number =>
  mask
    ? Math.sqrt(mask.reduce((sum, share) => sum + share ** 2, 0))
    : Math.sqrt(pattern.reduce((sum, value) => sum + value ** 2, 0)) / (high - low)
