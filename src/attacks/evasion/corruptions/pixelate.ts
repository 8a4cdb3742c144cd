import { defineCorruption } from './corruption.ts'
import { mapPlanes } from './image.ts'

/** Too few pixels: made smaller and large again by box filters. Constants: the share of the side that is left. */
export const pixelate = defineCorruption<number>({
  id: 'pixelate',
  title: 'Pixelate: made of fewer pixels',
  small: [0.95, 0.9, 0.85, 0.75, 0.65],
  large: [0.6, 0.5, 0.4, 0.3, 0.25],
  apply: (image, share) => {
    const { height, width } = image
    const fewer = (side: number): number => Math.max(1, Math.floor(side * share))
    const [rows, columns] = [fewer(height), fewer(width)]
    return mapPlanes(image, (plane) =>
      boxResized(boxResized(plane, [height, width], [rows, columns]), [rows, columns], [height, width]),
    )
  },
})

type Size = readonly [height: number, width: number]

/**
 * Each pixel is the mean of those whose middle lies under it; at least the nearest one. A pixel is wholly in or out, as in
 * Pillow.
 */
export const boxResized = (plane: Float64Array, [height, width]: Size, [rows, columns]: Size): Float64Array => {
  const down = coveredBy(height, rows)
  const across = coveredBy(width, columns)
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const [ys, xs] = [down[Math.floor(i / columns)]!, across[i % columns]!]
    let sum = 0
    for (const y of ys) for (const x of xs) sum += plane[y * width + x]!
    return sum / (ys.length * xs.length)
  })
}

const coveredBy = (from: number, to: number): readonly (readonly number[])[] => {
  const ratio = from / to
  const reach = Math.max(1, ratio) / 2
  return Array.from({ length: to }, (_, i) => {
    const middle = (i + 0.5) * ratio
    const first = Math.max(0, Math.floor(middle - reach + 0.5))
    const end = Math.min(from, Math.floor(middle + reach + 0.5))
    const near = Array.from({ length: end - first }, (_, k) => first + k)
    return near.filter((at) => at + 0.5 - middle > -reach && at + 0.5 - middle <= reach)
  })
}
