import { nearest } from './border.ts'
import { defineCorruption } from './corruption.ts'
import { mapPlanes } from './image.ts'
import { correlate } from './kernel.ts'
import { type Streak, streakTaps } from './streak.ts'

/** A camera that moves to one side, at most 45 degrees up or down. */
export const motionBlur = defineCorruption<Streak>({
  id: 'motion-blur',
  title: 'Motion blur: the camera moves to one side',
  small: [
    { radius: 6, sigma: 1 },
    { radius: 6, sigma: 1.5 },
    { radius: 6, sigma: 2 },
    { radius: 8, sigma: 2 },
    { radius: 9, sigma: 2.5 },
  ],
  large: [
    { radius: 10, sigma: 3 },
    { radius: 15, sigma: 5 },
    { radius: 15, sigma: 8 },
    { radius: 15, sigma: 12 },
    { radius: 20, sigma: 15 },
  ],
  apply: (image, streak, random) => {
    const taps = streakTaps(streak, -45 + 90 * random.uniform())
    return mapPlanes(image, (plane) => correlate(plane, image.width, taps, nearest))
  },
})
