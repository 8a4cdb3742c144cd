import { stream } from '../../../base/random.ts'
import type { Answers } from '../answers/answers.ts'
import { type BootstrapOptions, bootstrap, groupedSums, type Resampled } from './bootstrap.ts'
import { unitsOf } from './units.ts'

/** From agreement, units and the answers of each class. */
const kappaOf = (sums: Float64Array): number | undefined => {
  const n = sums.reduce((sum, value, at) => (at < 2 ? sum : sum + value), 0)
  if (n === 0) return undefined
  const expected = sums.reduce((sum, value, at) => (at < 2 ? sum : sum + (value / n) ** 2), 0)
  const observed = sums[0]! / sums[1]!
  return expected < 1 ? (observed - expected) / (1 - expected) : undefined
}

/**
 * Fleiss' kappa (1971, "Measuring nominal scale agreement among many raters") with a bootstrap interval over items. Items
 * may have different numbers of answers, at least 2: each counts alike, and the classes by all their answers. Undefined
 * where all answers are alike, or no item has two.
 */
export const fleissKappa = (answers: Answers, options: BootstrapOptions = {}): Resampled => {
  const { count, start, label, times, size } = unitsOf(answers)
  const width = 2 + answers.classes.length
  const sums = groupedSums(count, width, stream(options.seed ?? 0, 'groups', 'fleiss'), (unit, values, from) => {
    let alike = 0
    for (let a = start[unit]!; a < start[unit + 1]!; a++) {
      values[from + 2 + label[a]!]! += times[a]!
      alike += times[a]! * (times[a]! - 1)
    }
    values[from]! += alike / (size[unit]! * (size[unit]! - 1))
    values[from + 1]!++
  })
  return bootstrap('fleiss', sums, kappaOf, options)
}
