import { defineCorruption } from './corruption.ts'
import { mapPlanes, normals } from './image.ts'

/** Sensor noise in low light: a normal number is added to each value. Constants: its standard deviation. */
export const gaussianNoise = defineCorruption<number>({
  id: 'gaussian-noise',
  title: 'Gaussian noise: normal numbers added to each value',
  small: [0.04, 0.06, 0.08, 0.09, 0.1],
  large: [0.08, 0.12, 0.18, 0.26, 0.38],
  apply: (image, sigma, random) =>
    mapPlanes(image, (plane) => {
      const noise = normals(plane.length, random)
      return plane.map((value, i) => value + sigma * noise[i]!)
    }),
})
