import type { TriggerSearch } from './search.ts'
import type { Trigger, TriggerSpace } from './trigger.ts'

const settings = {
  /** First Euclidean size, as a share of the largest. */
  start: 0.1,
  /** How much the size changes in the first step, either way; it falls to a tenth of that. */
  resize: 0.1,
  /** First move along the gradient, as a share of the size that is allowed; it falls to a tenth of that. */
  move: 0.5,
  wanted: 0.99,
} as const

/**
 * The smallest pattern, in Euclidean size, that sends rows to the class when it is added to them: what a blended trigger
 * comes to (Xiang, Miller and Kesidis 2020, IEEE TNNLS, arXiv:1908.10498, for all source classes at once). Searched as
 * Rony et al. 2019 (arXiv:1811.09600) search adversarial examples: the size shrinks while the pattern works and grows
 * while it doesn't, and the direction follows the gradient.
 */
export const blendSearch = (space: TriggerSpace, steps: number): TriggerSearch => {
  const { pixels, low, high } = space
  const size = pixels.length
  const pattern = new Float32Array(size)
  const trigger: Trigger = { kind: 'blend', pattern }
  let radius = settings.start * Math.sqrt(size) * (high - low)
  let [step, lately] = [0, 0]
  let found: { readonly trigger: Trigger; readonly radius: number; readonly turned: number } | undefined
  const keep = (turned: number): void => {
    const length = lengthOf(pattern)
    const better =
      !found ||
      (turned >= settings.wanted ? found.turned < settings.wanted || length < found.radius : turned > found.turned)
    if (better) found = { trigger: { kind: 'blend', pattern: pattern.slice() }, radius: length, turned }
  }
  return {
    trigger,
    learn({ gradient, turned }) {
      const share = 0.1 + 0.45 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps))
      // A mean over the last few batches: one of 32 rows says too little about 99 %.
      lately = step === 0 ? turned : 0.7 * lately + 0.3 * turned
      if (step > 5) keep(lately)
      radius *= lately >= settings.wanted ? 1 - settings.resize * share : 1 + settings.resize * share
      radius = Math.min(radius, Math.sqrt(size) * (high - low))
      const slope = new Float64Array(size)
      for (let at = 0, i = 0; at < gradient.length; at++, i = i + 1 === size ? 0 : i + 1)
        if (Number.isFinite(gradient[at])) slope[i]! += gradient[at]!
      const length = lengthOf(slope)
      const move = length > 0 ? (settings.move * share * radius) / length : 0
      for (let i = 0; i < size; i++) pattern[i]! -= move * slope[i]!
      const scale = radius / (lengthOf(pattern) || 1)
      for (let i = 0; i < size; i++) pattern[i]! *= scale
      step++
    },
    best: () => found?.trigger ?? trigger,
  }
}

const lengthOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2
  return Math.sqrt(sum)
}
