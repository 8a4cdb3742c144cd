import { withHsv } from './colour.ts'
import { defineCorruption } from './corruption.ts'
import { mapValues } from './image.ts'

const clipped = (value: number): number => Math.min(Math.max(value, 0), 1)

/** Too much light. Constants: what is added to the value in hue, saturation and value, or to a grey level. */
export const brightness = defineCorruption<number>({
  id: 'brightness',
  title: 'Brightness: too much light',
  small: [0.05, 0.1, 0.15, 0.2, 0.3],
  large: [0.1, 0.2, 0.3, 0.4, 0.5],
  apply: (image, added) =>
    image.planes.length === 1
      ? mapValues(image, (value) => value + added)
      : withHsv(image, (hsv) => ({ ...hsv, value: clipped(hsv.value + added) })),
})
