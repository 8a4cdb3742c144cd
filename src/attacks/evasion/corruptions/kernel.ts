import type { Border } from './border.ts'

/** A weight and where the pixel that it multiplies lies, seen from the pixel that is made. */
export interface Tap {
  readonly dy: number
  readonly dx: number
  readonly weight: number
}

/** The taps of a square kernel, row-major, around its middle. */
export const tapsOf = (kernel: Float64Array): readonly Tap[] => {
  const side = Math.sqrt(kernel.length)
  const middle = (side - 1) / 2
  return [...kernel].flatMap((weight, i) =>
    weight === 0 ? [] : [{ dy: Math.floor(i / side) - middle, dx: (i % side) - middle, weight }],
  )
}

/** A plane correlated with a few taps. */
export const correlate = (plane: Float64Array, width: number, taps: readonly Tap[], border: Border): Float64Array => {
  const height = plane.length / width
  const result = new Float64Array(plane.length)
  for (const { dy, dx, weight } of taps) {
    const columns = Int32Array.from({ length: width }, (_, x) => border(x + dx, width))
    for (let y = 0; y < height; y++) {
      const from = border(y + dy, height) * width
      for (let x = 0; x < width; x++) result[y * width + x]! += weight * plane[from + columns[x]!]!
    }
  }
  return result
}
