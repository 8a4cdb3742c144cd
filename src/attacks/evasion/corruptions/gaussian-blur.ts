import { defineCorruption } from './corruption.ts'
import { mapPlanes } from './image.ts'
import { filterBothAxes, gaussianWeights } from './separable.ts'

/** Blur by a Gaussian. Constants: its standard deviation in pixels. */
export const gaussianBlur = defineCorruption<number>({
  id: 'gaussian-blur',
  title: 'Gaussian blur',
  small: [0.4, 0.6, 0.7, 0.8, 1],
  large: [1, 2, 3, 4, 6],
  apply: (image, sigma) => {
    const weights = gaussianWeights(sigma)
    return mapPlanes(image, (plane) => filterBothAxes(plane, image.width, weights))
  },
})
