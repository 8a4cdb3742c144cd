import type { Tap } from './kernel.ts'

export interface Streak {
  /** Pixels that it reaches, at most. */
  readonly radius: number
  /** Standard deviation, in pixels, of the Gaussian by which it fades. */
  readonly sigma: number
}

/**
 * The taps of a motion blur: 2 · radius + 1 steps of one pixel in one direction from where the pixel stands, fading as
 * one side of a Gaussian. `angle` in degrees, 0 to the right and 90 downwards. As in ImageMagick, places are rounded to
 * whole pixels.
 */
export const streakTaps = ({ radius, sigma }: Streak, angle: number): readonly Tap[] => {
  const steps = 2 * Math.ceil(radius) + 1
  const fading = Array.from({ length: steps }, (_, step) => Math.exp(-(step ** 2) / (2 * sigma ** 2)))
  const sum = fading.reduce((total, weight) => total + weight, 0)
  const [right, down] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]
  return fading.map((weight, step) => ({
    dy: Math.ceil(step * down - 0.5),
    dx: Math.ceil(step * right - 0.5),
    weight: weight / sum,
  }))
}
