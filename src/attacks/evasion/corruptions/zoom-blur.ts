import { defineCorruption } from './corruption.ts'
import { mapPlanes } from './image.ts'
import { magnified } from './magnify.ts'

interface Approach {
  /** Zooms go from 1 to below this. */
  readonly below: number
  readonly step: number
}

/** A camera that moves towards the scene: the mean of the image and of enlargements of it. */
export const zoomBlur = defineCorruption<Approach>({
  id: 'zoom-blur',
  title: 'Zoom blur: the camera moves towards the scene',
  small: [
    { below: 1.06, step: 0.01 },
    { below: 1.11, step: 0.01 },
    { below: 1.16, step: 0.01 },
    { below: 1.21, step: 0.01 },
    { below: 1.26, step: 0.01 },
  ],
  large: [
    { below: 1.11, step: 0.01 },
    { below: 1.16, step: 0.01 },
    { below: 1.21, step: 0.02 },
    { below: 1.26, step: 0.02 },
    { below: 1.31, step: 0.03 },
  ],
  apply: (image, approach) => {
    const zooms = zoomsOf(approach)
    return mapPlanes(image, (plane) => {
      const sum = plane.slice()
      for (const zoom of zooms) {
        const closer = magnified(plane, image.width, zoom)
        for (let i = 0; i < sum.length; i++) sum[i]! += closer[i]!
      }
      return sum.map((value) => value / (zooms.length + 1))
    })
  },
})

/** As many as numpy's arange gives: where the quotient is rounded up, the last one is the end itself. */
export const zoomsOf = ({ below, step }: Approach): readonly number[] =>
  Array.from({ length: Math.ceil((below - 1) / step) }, (_, i) => 1 + i * (1 + step - 1))
