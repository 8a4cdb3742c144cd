import { defineCorruption } from './corruption.ts'
import { mapPlanes } from './image.ts'
import { plasmaFor } from './plasma.ts'

interface Cloud {
  readonly thickness: number
  /** By how much the cloud's roughness falls at each finer scale. */
  readonly decay: number
}

/** Fog of uneven thickness, a plasma fractal. The brightest value of the image stays the brightest there can be. */
export const fog = defineCorruption<Cloud>({
  id: 'fog',
  title: 'Fog: a plasma fractal laid over the image',
  small: [
    { thickness: 0.2, decay: 3 },
    { thickness: 0.5, decay: 3 },
    { thickness: 0.75, decay: 2.5 },
    { thickness: 1, decay: 2 },
    { thickness: 1.5, decay: 1.75 },
  ],
  large: [
    { thickness: 1.5, decay: 2 },
    { thickness: 2, decay: 2 },
    { thickness: 2.5, decay: 1.7 },
    { thickness: 2.5, decay: 1.5 },
    { thickness: 3, decay: 1.4 },
  ],
  apply: (image, { thickness, decay }, random) => {
    const cloud = plasmaFor(image.height, image.width, decay, random)
    const brightest = image.planes
      .flatMap((plane) => plane.reduce((a, b) => Math.max(a, b)))
      .reduce((a, b) => Math.max(a, b))
    const left = brightest / (brightest + thickness)
    return mapPlanes(image, (plane) => plane.map((value, i) => (value + thickness * cloud[i]!) * left))
  },
})
