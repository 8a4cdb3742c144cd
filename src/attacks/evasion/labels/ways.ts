import { withinBounds } from '../rows/row-norms.ts'

/** The way from a clean row to a point, and a direction across it. */
export interface Plane {
  readonly clean: Float32Array
  readonly point: Float32Array
  readonly direction: Float32Array
}

/** The distance of a point from its clean row. */
export const lengthOf = (point: Float32Array, clean: Float32Array): number => {
  let squares = 0
  for (let j = 0; j < point.length; j++) {
    const change = point[j]! - clean[j]!
    squares += change * change
  }
  return Math.sqrt(squares)
}

/** Less of a direction than this is rounding. */
const negligible = 1e-4

/** The part of a direction across the way, as a unit: `scale` times (the direction less `along` times the unit way). */
export interface Across {
  readonly along: number
  /** 0 where there is no such part. */
  readonly scale: number
}

/** `length`: that of the way, above 0. */
export const acrossWay = ({ clean, point, direction }: Plane, length: number): Across => {
  let along = 0
  let before = 0
  for (let j = 0; j < direction.length; j++) {
    const value = direction[j]!
    along += value * (point[j]! - clean[j]!)
    before += value * value
  }
  along /= length
  const left = before - along * along
  return { along, scale: left > negligible ** 2 * before ? 1 / Math.sqrt(left) : 0 }
}

/** Where to go from the clean row: lengths along the way, and across it. */
export interface Step {
  readonly straight: number
  readonly aside: number
}

/** Writes the point there, within the range. `length`: that of the way. */
export const stepTo = (
  { clean, point, direction }: Plane,
  { along, scale }: Across,
  length: number,
  { straight, aside }: Step,
  { low, high }: { readonly low: number; readonly high: number },
  into: Float32Array,
): void => {
  const across = aside * scale
  const towards = (straight - across * along) / length
  for (let j = 0; j < into.length; j++) {
    const start = clean[j]!
    into[j] = withinBounds(start + towards * (point[j]! - start) + across * direction[j]!, low, high)
  }
}
