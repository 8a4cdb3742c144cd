import { defineCorruption } from './corruption.ts'
import { mapPlanes } from './image.ts'

/** Too little contrast: values move towards the mean of their channel. Constants: how much of the distance is left. */
export const contrast = defineCorruption<number>({
  id: 'contrast',
  title: 'Contrast: values moved towards their mean',
  small: [0.75, 0.5, 0.4, 0.3, 0.15],
  large: [0.4, 0.3, 0.2, 0.1, 0.05],
  apply: (image, left) =>
    mapPlanes(image, (plane) => {
      const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length
      return plane.map((value) => (value - mean) * left + mean)
    }),
})
