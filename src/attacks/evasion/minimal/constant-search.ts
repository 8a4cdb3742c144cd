/** The weights of the loss against the distance that a row has tried, and the one that it tries next. */
export interface ConstantSearch {
  /** Weight of each row in the pass to come. */
  readonly constants: Float64Array
  /** Halves what lies between the largest weight that failed and the smallest that broke the row, once there is one. */
  update(broken: Uint8Array): void
}

/** Where growing ends: the loss then is all there is, to the last digit of float32. */
const largest = 1e10

/**
 * Search for the smallest weight that still breaks a row, each row by itself: ten times the last one until a pass breaks
 * the row, then bisection (Carlini and Wagner 2017, arXiv:1608.04644, section V.C).
 */
export const constantSearch = (rows: number, initial: number): ConstantSearch => {
  const constants = new Float64Array(rows).fill(initial)
  const failed = new Float64Array(rows)
  const breaking = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  return {
    constants,
    update(broken) {
      for (let row = 0; row < rows; row++) {
        const tried = constants[row]!
        if (broken[row]) breaking[row] = Math.min(breaking[row]!, tried)
        else failed[row] = Math.max(failed[row]!, tried)
        constants[row] =
          breaking[row] === Number.POSITIVE_INFINITY
            ? Math.min(tried * 10, largest)
            : (failed[row]! + breaking[row]!) / 2
      }
    },
  }
}
