import type { Random } from '../../base/random.ts'
import { adamOf } from './adam.ts'
import type { TriggerSearch } from './search.ts'
import type { Trigger, TriggerSpace } from './trigger.ts'

/** Neural Cleanse's own settings, but for `every`: there, the cost is judged once a pass over the data. */
const settings = {
  rate: 0.1,
  decays: [0.5, 0.9],
  firstCost: 1e-3,
  /** Share of rows that a trigger is to turn. */
  wanted: 0.99,
  /** Steps between two looks at the cost. */
  every: 5,
  up: 1.5,
  /** The cost falls faster than it rises, so that a trigger that lost its effect finds it again. */
  down: 1.5 ** 1.5,
} as const

/**
 * Neural Cleanse (Wang et al. 2019, IEEE S&P): a mask and a pattern under which rows go to the class, by Adam on the mean
 * cross-entropy plus a cost on the sum of the mask; the cost rises while the trigger works and falls while it doesn't.
 * Mask and pattern are (tanh + 1) / 2 of what is optimised.
 */
export const patchSearch = (space: TriggerSpace, random: Random): TriggerSearch => {
  const { pixels, low, high } = space
  const [size, area] = [pixels.length, pixels.length / space.grid.channels]
  const maskAt = new Float64Array(area)
  const patternAt = new Float64Array(size)
  for (let i = 0; i < area; i++) maskAt[i] = Math.atanh((2 * random.uniform() - 1) * 0.999)
  for (let i = 0; i < size; i++) patternAt[i] = Math.atanh((2 * random.uniform() - 1) * 0.999)
  const [forMask, forPattern] = [adamOf(area, ...settings.decays), adamOf(size, ...settings.decays)]
  const mask = new Float32Array(area)
  const pattern = new Float32Array(size)
  const trigger: Trigger = { kind: 'patch', mask, pattern }
  let [cost, steps, turnedLately] = [settings.firstCost as number, 0, 0]
  let found: { readonly trigger: Trigger; readonly l1: number; readonly turned: number } | undefined
  const show = (): void => {
    for (let i = 0; i < area; i++) mask[i] = (Math.tanh(maskAt[i]!) + 1) / 2
    for (let i = 0; i < size; i++) pattern[i] = low + ((high - low) * (Math.tanh(patternAt[i]!) + 1)) / 2
  }
  const keep = (turned: number): void => {
    const l1 = mask.reduce((sum, share) => sum + share, 0)
    const better =
      !found || (turned >= settings.wanted ? found.turned < settings.wanted || l1 < found.l1 : turned > found.turned)
    if (better) found = { trigger: { kind: 'patch', mask: mask.slice(), pattern: pattern.slice() }, l1, turned }
  }
  show()
  return {
    trigger,
    learn({ x, gradient, turned }) {
      const rows = x.length / size
      const [dMask, dPattern] = [new Float64Array(area), new Float64Array(size)]
      for (let at = 0, i = 0; at < x.length; at++, i = i + 1 === size ? 0 : i + 1) {
        dMask[pixels[i]!]! += gradient[at]! * (pattern[i]! - x[at]!)
        dPattern[i]! += gradient[at]!
      }
      for (let i = 0; i < size; i++)
        dPattern[i]! *= (mask[pixels[i]!]! * (high - low) * (1 - Math.tanh(patternAt[i]!) ** 2)) / 2 / rows
      for (let i = 0; i < area; i++) dMask[i] = ((dMask[i]! / rows + cost) * (1 - Math.tanh(maskAt[i]!) ** 2)) / 2
      turnedLately += turned / settings.every
      if (++steps % settings.every === 0) {
        keep(turnedLately)
        cost = turnedLately >= settings.wanted ? cost * settings.up : cost / settings.down
        turnedLately = 0
      }
      forMask.step(maskAt, dMask, settings.rate)
      forPattern.step(patternAt, dPattern, settings.rate)
      show()
    },
    best: () => found?.trigger ?? trigger,
  }
}
