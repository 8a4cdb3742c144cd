import type { Border } from './border.ts'

/** Where each pixel of a plane takes its value from. */
export interface Sources {
  readonly y: Float64Array
  readonly x: Float64Array
}

/** A plane moved about, linear between pixels. */
export const warped = (plane: Float64Array, width: number, { y, x }: Sources, border: Border): Float64Array => {
  const height = plane.length / width
  const result = new Float64Array(plane.length)
  for (let i = 0; i < plane.length; i++) {
    const [top, left] = [Math.floor(y[i]!), Math.floor(x[i]!)]
    const [down, right] = [y[i]! - top, x[i]! - left]
    const [above, below] = [border(top, height) * width, border(top + 1, height) * width]
    const [before, after] = [border(left, width), border(left + 1, width)]
    result[i] =
      (1 - down) * ((1 - right) * plane[above + before]! + right * plane[above + after]!) +
      down * ((1 - right) * plane[below + before]! + right * plane[below + after]!)
  }
  return result
}

export type Point = readonly [x: number, y: number]
type Three = readonly [Point, Point, Point]

/** The affine map that takes the first three points to the second three, by Cramer's rule. */
export const affineBetween = (from: Three, to: Three): ((x: number, y: number) => Point) => {
  const [[x0, y0], [x1, y1], [x2, y2]] = from
  const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
  return (x, y) => {
    // Barycentric coordinates: how much of the second and of the third point.
    const second = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area
    const third = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area
    const mix = (axis: 0 | 1): number =>
      to[0][axis] + second * (to[1][axis] - to[0][axis]) + third * (to[2][axis] - to[0][axis])
    return [mix(0), mix(1)]
  }
}
