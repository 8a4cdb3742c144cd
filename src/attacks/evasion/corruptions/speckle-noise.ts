import { defineCorruption } from './corruption.ts'
import { mapPlanes, normals } from './image.ts'

/** Noise in proportion to the value. Constants: its standard deviation for a value of 1. */
export const speckleNoise = defineCorruption<number>({
  id: 'speckle-noise',
  title: 'Speckle noise: normal numbers in proportion to the value',
  small: [0.06, 0.1, 0.12, 0.16, 0.2],
  large: [0.15, 0.2, 0.35, 0.45, 0.6],
  apply: (image, sigma, random) =>
    mapPlanes(image, (plane) => {
      const noise = normals(plane.length, random)
      return plane.map((value, i) => value + value * sigma * noise[i]!)
    }),
})
