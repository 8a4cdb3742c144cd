/**
 * A grey image of `width` x `height` values as one of `toWidth` x `toHeight`: each new pixel is the mean of the area that
 * it covers, parts of pixels by their share.
 */
export const areaResize = (
  values: ArrayLike<number>,
  [height, width]: readonly [number, number],
  [toHeight, toWidth]: readonly [number, number],
): Float64Array => {
  const columns = overlaps(width, toWidth)
  const rows = overlaps(height, toHeight)
  const narrow = new Float64Array(height * toWidth)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < toWidth; x++)
      for (const [at, share] of columns[x]) narrow[y * toWidth + x] += share * values[y * width + at]
  const resized = new Float64Array(toHeight * toWidth)
  for (let y = 0; y < toHeight; y++)
    for (const [at, share] of rows[y])
      for (let x = 0; x < toWidth; x++) resized[y * toWidth + x] += share * narrow[at * toWidth + x]
  return resized
}

type Overlaps = readonly (readonly (readonly [at: number, share: number])[])[]

const latest = new Map<string, Overlaps>()

/** `computeOverlaps`, kept for the last few sizes: a set of images has few. */
const overlaps = (from: number, to: number): Overlaps => {
  const key = `${from} ${to}`
  const known = latest.get(key)
  if (known !== undefined) return known
  if (latest.size >= 16) latest.clear()
  const computed = computeOverlaps(from, to)
  latest.set(key, computed)
  return computed
}

/** For each new pixel along one side, the old ones that it covers and their shares, which sum to 1. */
const computeOverlaps = (from: number, to: number): Overlaps =>
  Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * from) / to, ((i + 1) * from) / to]
    const covered: [number, number][] = []
    for (let at = Math.floor(start); at < Math.min(from, Math.ceil(end)); at++) {
      const share = ((Math.min(end, at + 1) - Math.max(start, at)) * to) / from
      if (share > 1e-12) covered.push([at, share])
    }
    return covered
  })
