import { inChannels } from './colour.ts'
import { defineCorruption } from './corruption.ts'
import { frostPattern } from './frost-pattern.ts'

interface Cover {
  /** How much of the scene is left, and how much of the frost is added. */
  readonly scene: number
  readonly frost: number
}

interface Light {
  /** Red, green and blue of the frost, on average. */
  readonly colour: readonly [number, number, number]
  readonly deviation: number
}

/** Mean colour and standard deviation of the photographs of frost that ImageNet-C draws from: the same are as likely. */
const lights: readonly Light[] = [
  { colour: [0.305, 0.585, 0.65], deviation: 0.08 },
  { colour: [0.787, 0.805, 0.841], deviation: 0.09 },
  { colour: [0.787, 0.805, 0.841], deviation: 0.09 },
  { colour: [0.54, 0.599, 0.648], deviation: 0.11 },
  { colour: [0.441, 0.484, 0.528], deviation: 0.17 },
]

/** Frost on the lens: crystals that are drawn, with the mean colours and contrasts of the published photographs. */
export const frost = defineCorruption<Cover>({
  id: 'frost',
  title: 'Frost: ice crystals, drawn rather than photographed',
  small: [
    { scene: 1, frost: 0.2 },
    { scene: 1, frost: 0.3 },
    { scene: 0.9, frost: 0.4 },
    { scene: 0.85, frost: 0.4 },
    { scene: 0.75, frost: 0.45 },
  ],
  large: [
    { scene: 1, frost: 0.4 },
    { scene: 0.8, frost: 0.6 },
    { scene: 0.7, frost: 0.7 },
    { scene: 0.65, frost: 0.7 },
    { scene: 0.6, frost: 0.75 },
  ],
  apply: (image, cover, random) => {
    const { colour, deviation } = lights[random.integer(lights.length)]!
    const pattern = frostPattern(image.height, image.width, random)
    const means = inChannels(image, colour)
    const ice = (channel: number, i: number): number =>
      Math.min(Math.max(means[channel]! + deviation * pattern[i]!, 0), 1)
    return {
      ...image,
      planes: image.planes.map((plane, channel) =>
        plane.map((value, i) => cover.scene * value + cover.frost * ice(channel, i)),
      ),
    }
  },
})
