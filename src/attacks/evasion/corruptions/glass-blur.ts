import type { Random } from '../../../base/random.ts'
import { defineCorruption } from './corruption.ts'
import { type Image, mapPlanes } from './image.ts'
import { filterBothAxes, gaussianWeights } from './separable.ts'

interface Pane {
  /** Standard deviation of the blur before and after, in pixels. */
  readonly sigma: number
  /** How far a pixel may come from, in pixels. */
  readonly reach: number
  readonly rounds: number
}

/** Frosted glass: pixels are taken from near by, between two blurs. */
export const glassBlur = defineCorruption<Pane>({
  id: 'glass-blur',
  title: 'Glass blur: pixels displaced as behind frosted glass',
  small: [
    { sigma: 0.05, reach: 1, rounds: 1 },
    { sigma: 0.25, reach: 1, rounds: 1 },
    { sigma: 0.4, reach: 1, rounds: 1 },
    { sigma: 0.25, reach: 1, rounds: 2 },
    { sigma: 0.4, reach: 1, rounds: 2 },
  ],
  large: [
    { sigma: 0.7, reach: 1, rounds: 2 },
    { sigma: 0.9, reach: 2, rounds: 1 },
    { sigma: 1, reach: 2, rounds: 3 },
    { sigma: 1.1, reach: 3, rounds: 2 },
    { sigma: 1.5, reach: 4, rounds: 2 },
  ],
  apply: (image, pane, random) => {
    const weights = gaussianWeights(pane.sigma)
    const blurred = (of: Image): Image => mapPlanes(of, (plane) => filterBothAxes(plane, image.width, weights))
    return blurred(displaced(blurred(image), pane, random))
  },
})

/**
 * Each pixel becomes one at most `reach` up or left, or `reach` - 1 down or right. It is copied, not exchanged: in the
 * published sets, which this follows, the exchange overwrites one of the two before it is read.
 */
const displaced = ({ height, width, planes }: Image, { reach, rounds }: Pane, random: Random): Image => {
  const changed = planes.map((plane) => plane.slice())
  for (let round = 0; round < rounds; round++)
    for (let y = height - reach; y > reach; y--)
      for (let x = width - reach; x > reach; x--) {
        const from = (y + random.integer(2 * reach) - reach) * width + x + random.integer(2 * reach) - reach
        for (const plane of changed) plane[y * width + x] = plane[from]!
      }
  return { height, width, planes: changed }
}
