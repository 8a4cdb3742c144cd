/**
 * The middle of a plane enlarged `zoom` times to the size of the whole, linear between pixels. The corners of what is cut
 * out go to the corners of the enlarged picture, which is a little too large and is cut to size.
 */
export const magnified = (plane: Float64Array, width: number, zoom: number): Float64Array => {
  const height = plane.length / width
  const rows = enlargedAxis(height, zoom)
  const columns = enlargedAxis(width, zoom)
  const result = new Float64Array(plane.length)
  for (let y = 0; y < height; y++) {
    const [above, below] = [rows.first[y]! * width, rows.next[y]! * width]
    const lower = rows.share[y]!
    for (let x = 0; x < width; x++) {
      const [left, right] = [columns.first[x]!, columns.next[x]!]
      const share = columns.share[x]!
      const upperRow = plane[above + left]! * (1 - share) + plane[above + right]! * share
      const lowerRow = plane[below + left]! * (1 - share) + plane[below + right]! * share
      result[y * width + x] = upperRow * (1 - lower) + lowerRow * lower
    }
  }
  return result
}

/** Between which two places each place of the enlarged axis lies, and how much it has of the second. */
const enlargedAxis = (length: number, zoom: number) => {
  const cut = Math.ceil(length / zoom)
  const start = Math.floor((length - cut) / 2)
  const enlarged = Math.max(roundHalfEven(cut * zoom), length)
  const trim = Math.floor((enlarged - length) / 2)
  const step = enlarged > 1 ? (cut - 1) / (enlarged - 1) : 0
  const [first, next, share] = [new Int32Array(length), new Int32Array(length), new Float64Array(length)]
  for (let i = 0; i < length; i++) {
    const place = Math.min((trim + i) * step, cut - 1)
    const floor = Math.floor(place)
    first[i] = start + floor
    next[i] = start + Math.min(floor + 1, cut - 1)
    share[i] = place - floor
  }
  return { first, next, share }
}

const roundHalfEven = (value: number): number => {
  const rounded = Math.round(value)
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
