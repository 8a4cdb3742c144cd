import type { Random } from '../../../base/random.ts'
import { nearest } from './border.ts'
import { greyOf } from './colour.ts'
import { defineCorruption } from './corruption.ts'
import { type Image, mapPlanes, normals } from './image.ts'
import { correlate } from './kernel.ts'
import { magnified } from './magnify.ts'
import { type Streak, streakTaps } from './streak.ts'

interface Snowfall {
  /** Flakes are normal numbers of this mean and standard deviation, enlarged and cut off below a threshold. */
  readonly mean: number
  readonly deviation: number
  readonly zoom: number
  readonly threshold: number
  /** How flakes are drawn out as they fall. */
  readonly fall: Streak
  /** How much of the scene keeps its own colour; the rest turns pale. */
  readonly kept: number
}

const snowfall = (
  mean: number,
  deviation: number,
  zoom: number,
  threshold: number,
  radius: number,
  sigma: number,
  kept: number,
): Snowfall => ({ mean, deviation, zoom, threshold, fall: { radius, sigma }, kept })

/** Snow that falls at a slant, over a scene turned pale; flakes are laid on twice, the second time turned by 180 degrees. */
export const snow = defineCorruption<Snowfall>({
  id: 'snow',
  title: 'Snow: falling flakes over a paler scene',
  small: [
    snowfall(0.1, 0.2, 1, 0.6, 8, 3, 0.95),
    snowfall(0.1, 0.2, 1, 0.5, 10, 4, 0.9),
    snowfall(0.15, 0.3, 1.75, 0.55, 10, 4, 0.9),
    snowfall(0.25, 0.3, 2.25, 0.6, 12, 6, 0.85),
    snowfall(0.3, 0.3, 1.25, 0.65, 14, 12, 0.8),
  ],
  large: [
    snowfall(0.1, 0.3, 3, 0.5, 10, 4, 0.8),
    snowfall(0.2, 0.3, 2, 0.5, 12, 4, 0.7),
    snowfall(0.55, 0.3, 4, 0.9, 12, 8, 0.7),
    snowfall(0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
    snowfall(0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
  ],
  apply: (image, fallen, random) => {
    const flakes = flakesOf(image, fallen, random)
    const grey = greyOf(image)
    const last = flakes.length - 1
    return mapPlanes(image, (plane) =>
      plane.map((value, i) => {
        const pale = Math.max(value, 1.5 * grey[i]! + 0.5)
        return fallen.kept * value + (1 - fallen.kept) * pale + flakes[i]! + flakes[last - i]!
      }),
    )
  },
})

const flakesOf = (
  { height, width }: Image,
  { mean, deviation, zoom, threshold, fall }: Snowfall,
  random: Random,
): Float64Array => {
  const drawn = Float64Array.from(normals(height * width, random), (value) => mean + deviation * value)
  const flakes = magnified(drawn, width, zoom).map((value) => (value < threshold ? 0 : Math.min(value, 1)))
  return correlate(flakes, width, streakTaps(fall, -135 + 90 * random.uniform()), nearest)
}
