import { defineCorruption } from './corruption.ts'
import { mapValues } from './image.ts'

/** Salt and pepper, each channel by itself. Constants: the share of the values that become 0 or 1, half each. */
export const impulseNoise = defineCorruption<number>({
  id: 'impulse-noise',
  title: 'Impulse noise: some values become black or white',
  small: [0.01, 0.02, 0.03, 0.05, 0.07],
  large: [0.03, 0.06, 0.09, 0.17, 0.27],
  apply: (image, share, random) =>
    mapValues(image, (value) => {
      const drawn = random.uniform()
      if (drawn >= share) return value
      return drawn < share / 2 ? 0 : 1
    }),
})
