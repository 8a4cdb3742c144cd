import { mirror } from './border.ts'
import { defineCorruption } from './corruption.ts'
import { mapPlanes } from './image.ts'
import { correlate, tapsOf } from './kernel.ts'
import { filterBothAxes, gaussianOfSize } from './separable.ts'

interface Lens {
  /** Of the disk that a point becomes, in pixels. */
  readonly radius: number
  /** Standard deviation of the Gaussian that softens the disk's edge. */
  readonly edge: number
}

/** A lens out of focus: each point becomes a disk. */
export const defocusBlur = defineCorruption<Lens>({
  id: 'defocus-blur',
  title: 'Defocus blur: each point becomes a disk',
  small: [
    { radius: 0.3, edge: 0.4 },
    { radius: 0.4, edge: 0.5 },
    { radius: 0.5, edge: 0.6 },
    { radius: 1, edge: 0.2 },
    { radius: 1.5, edge: 0.1 },
  ],
  large: [
    { radius: 3, edge: 0.1 },
    { radius: 4, edge: 0.5 },
    { radius: 6, edge: 0.5 },
    { radius: 8, edge: 0.5 },
    { radius: 10, edge: 0.5 },
  ],
  apply: (image, lens) => {
    const taps = tapsOf(diskKernel(lens))
    return mapPlanes(image, (plane) => correlate(plane, image.width, taps, mirror))
  },
})

/** A filled disk with a softened edge, which sums to 1. It is drawn on 17 × 17 pixels where it fits. */
export const diskKernel = ({ radius, edge }: Lens): Float64Array => {
  const half = Math.max(8, Math.ceil(radius))
  const side = 2 * half + 1
  const inside = Float64Array.from({ length: side * side }, (_, i) => {
    const [y, x] = [Math.floor(i / side) - half, (i % side) - half]
    return x * x + y * y <= radius * radius ? 1 : 0
  })
  const area = inside.reduce((sum, value) => sum + value, 0)
  const disk = inside.map((value) => value / area)
  return filterBothAxes(disk, side, gaussianOfSize(radius <= 8 ? 3 : 5, edge), mirror)
}
