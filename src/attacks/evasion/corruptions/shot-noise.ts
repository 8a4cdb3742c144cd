import { defineCorruption } from './corruption.ts'
import { mapValues } from './image.ts'
import { poisson } from './poisson.ts'

/** Light counted in photons: each value becomes a Poisson number. Constants: photons that make a value of 1. */
export const shotNoise = defineCorruption<number>({
  id: 'shot-noise',
  title: 'Shot noise: each value counted in few photons',
  small: [500, 250, 100, 75, 50],
  large: [60, 25, 12, 5, 3],
  apply: (image, photons, random) => mapValues(image, (value) => poisson(value * photons, random) / photons),
})
