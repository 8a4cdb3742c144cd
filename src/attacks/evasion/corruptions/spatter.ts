import { mirror } from './border.ts'
import { distancesTo } from './chamfer.ts'
import { inChannels } from './colour.ts'
import { defineCorruption } from './corruption.ts'
import { edgesOf } from './edges.ts'
import { equalised } from './equalise.ts'
import { type Image, normals } from './image.ts'
import { correlate, tapsOf } from './kernel.ts'
import { filterBothAxes, gaussianWeights } from './separable.ts'

interface Splash {
  /** Drops are normal numbers of this mean and standard deviation, smoothed and cut off below a threshold. */
  readonly mean: number
  readonly deviation: number
  readonly smoothness: number
  readonly threshold: number
  /** Water: how much light it adds. Mud: standard deviation of the blur of its edges, in pixels. */
  readonly strength: number
  readonly liquid: 'water' | 'mud'
}

const splash =
  (liquid: Splash['liquid']) =>
  (mean: number, deviation: number, smoothness: number, threshold: number, strength: number): Splash => ({
    mean,
    deviation,
    smoothness,
    threshold,
    strength,
    liquid,
  })
const water = splash('water')
const mud = splash('mud')

/** Drops on the lens: water at severities 1 to 3, mud at 4 and 5. */
export const spatter = defineCorruption<Splash>({
  id: 'spatter',
  title: 'Spatter: drops of water or mud on the lens',
  small: [
    water(0.62, 0.1, 0.7, 0.7, 0.5),
    water(0.65, 0.1, 0.8, 0.7, 0.5),
    water(0.65, 0.3, 1, 0.69, 0.5),
    mud(0.65, 0.1, 0.7, 0.69, 0.6),
    mud(0.65, 0.1, 0.5, 0.68, 0.6),
  ],
  large: [
    water(0.65, 0.3, 4, 0.69, 0.6),
    water(0.65, 0.3, 3, 0.68, 0.6),
    water(0.65, 0.3, 2, 0.68, 0.5),
    mud(0.65, 0.3, 1, 0.65, 1.5),
    mud(0.67, 0.4, 1, 0.65, 1.5),
  ],
  apply: (image, drops, random) => {
    const { mean, deviation, smoothness, threshold } = drops
    const drawn = Float64Array.from(normals(image.height * image.width, random), (value) => mean + deviation * value)
    const smooth = filterBothAxes(drawn, image.width, gaussianWeights(smoothness))
    const liquid = smooth.map((value) => (value < threshold ? 0 : value))
    return drops.liquid === 'water' ? withWater(image, liquid, drops) : withMud(image, liquid, drops)
  },
})

const paleTurquoise = [175 / 255, 238 / 255, 238 / 255] as const
const mudBrown = [63 / 255, 42 / 255, 20 / 255] as const

const byte = (value: number): number => Math.min(Math.max(Math.round(value), 0), 255)

/** Weights that light drops from one side. */
const relief = tapsOf(Float64Array.of(-2, -1, 0, -1, 1, 1, 0, 1, 2))
const third = Float64Array.of(1 / 3, 1 / 3, 1 / 3)

/** Water adds light: the more, the thicker it is and, as in a relief, the further from the edge on one side. */
const withWater = (image: Image, liquid: Float64Array, { strength }: Splash): Image => {
  const { width } = image
  const thickness = liquid.map((value) => Math.min(Math.floor(255 * value), 255))
  const mean = (plane: Float64Array): Float64Array => filterBothAxes(plane, width, third, mirror)
  const inside = mean(distancesTo(edgesOf(thickness, width, 50, 150), width, 20)).map(Math.floor)
  const lit = mean(correlate(equalised(inside), width, relief, mirror).map(byte)).map(byte)
  const light = thickness.map((value, i) => value * lit[i]!)
  const brightest = light.reduce((a, b) => Math.max(a, b))
  if (brightest === 0) return image
  const colour = inChannels(image, paleTurquoise)
  return {
    ...image,
    planes: image.planes.map((plane, channel) =>
      plane.map((value, i) => value + (strength * light[i]! * colour[channel]!) / brightest),
    ),
  }
}

/** Mud covers what is behind it. */
const withMud = (image: Image, liquid: Float64Array, { threshold, strength }: Splash): Image => {
  const drops = liquid.map((value) => (value > threshold ? 1 : 0))
  const cover = filterBothAxes(drops, image.width, gaussianWeights(strength)).map((value) => (value < 0.8 ? 0 : value))
  const colour = inChannels(image, mudBrown)
  return {
    ...image,
    planes: image.planes.map((plane, channel) =>
      plane.map((value, i) => value * (1 - cover[i]!) + colour[channel]! * cover[i]!),
    ),
  }
}
