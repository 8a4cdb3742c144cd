import { BartizanError } from '../../../base/errors.ts'
import { stream } from '../../../base/random.ts'
import type { Answers } from '../answers/answers.ts'
import { type BootstrapOptions, bootstrap, groupedSums, type Resampled } from './bootstrap.ts'
import { type Distance, distanceAt, type Level } from './distance.ts'
import { type Units, unitsOf } from './units.ts'

const mostClasses = 500

/**
 * Adds the coincidences of a unit: every ordered pair of its m answers, each pair worth 1 / (m - 1), so that all add up to
 * the number of answers (Krippendorff 2011, "Computing Krippendorff's alpha-reliability").
 */
const addCoincidences = (
  { start, label, times, size }: Units,
  classes: number,
  unit: number,
  values: Float64Array,
  from: number,
): void => {
  for (let a = start[unit]!; a < start[unit + 1]!; a++)
    for (let b = start[unit]!; b < start[unit + 1]!; b++)
      values[from + label[a]! * classes + label[b]!]! +=
        (times[a]! * (times[b]! - (a === b ? 1 : 0))) / (size[unit]! - 1)
}

/** 1 - observed / expected disagreement; undefined where all answers are alike, or there are none. */
const alphaOf =
  (classes: number, distance: Distance) =>
  (coincidences: Float64Array): number | undefined => {
    const totals = new Float64Array(classes)
    for (let at = 0; at < coincidences.length; at++) totals[Math.floor(at / classes)]! += coincidences[at]!
    const n = totals.reduce((sum, total) => sum + total, 0)
    const delta = distance(totals)
    let [observed, expected] = [0, 0]
    for (let c = 0; c < classes; c++)
      for (let k = 0; k < classes; k++) {
        if (c === k || totals[c] === 0 || totals[k] === 0) continue
        const apart = delta(c, k)
        observed += coincidences[c * classes + k]! * apart
        expected += totals[c]! * totals[k]! * apart
      }
    return expected > 0 ? 1 - ((n - 1) * observed) / expected : undefined
  }

/** The same for nominal labels from disagreements and totals alone, which need no table of all pairs of classes. */
const nominalAlpha = (sums: Float64Array): number | undefined => {
  const n = sums.reduce((sum, value, at) => (at === 0 ? sum : sum + value), 0)
  const expected = sums.reduce((sum, total, at) => (at === 0 ? sum : sum + total * (n - total)), 0)
  return expected > 0 ? 1 - ((n - 1) * sums[0]!) / expected : undefined
}

const addNominal = ({ start, label, times, size }: Units, unit: number, values: Float64Array, from: number): void => {
  let alike = 0
  for (let a = start[unit]!; a < start[unit + 1]!; a++) {
    values[from + 1 + label[a]!]! += times[a]!
    alike += times[a]! * (times[a]! - 1)
  }
  values[from]! += size[unit]! - alike / (size[unit]! - 1)
}

/**
 * Krippendorff's alpha of any number of annotators, answers missing or not, with a bootstrap interval over items. The
 * value is undefined where it is 0/0: no item has two answers, or all answers are alike. Throws DATA_LABEL_INVALID where
 * the level needs numbers, and DATA_OUT_OF_RANGE for more than 500 classes at any level but "nominal".
 */
export const krippendorffAlpha = (
  answers: Answers,
  level: Level | Distance = 'nominal',
  options: BootstrapOptions = {},
): Resampled => {
  const units = unitsOf(answers)
  const classes = answers.classes.length
  const random = stream(options.seed ?? 0, 'groups', 'alpha')
  if (level === 'nominal') {
    const sums = groupedSums(units.count, 1 + classes, random, (...at) => addNominal(units, ...at))
    return bootstrap('alpha', sums, nominalAlpha, options)
  }
  if (classes > mostClasses)
    throw new BartizanError('DATA_OUT_OF_RANGE', `${classes} different labels are too many for this level of alpha`, {
      hint: `at most ${mostClasses}; round them, or use the level "nominal"`,
      data: { classes },
    })
  const distance = typeof level === 'string' ? distanceAt(level, answers.classes) : level
  const sums = groupedSums(units.count, classes * classes, random, (...at) => addCoincidences(units, classes, ...at))
  return bootstrap('alpha', sums, alphaOf(classes, distance), options)
}

/** Whether the answers agree beyond chance: the whole interval of the nominal alpha lies above 0. */
export const agreesBeyondChance = (answers: Answers, seed: number): boolean => {
  const { value, low } = krippendorffAlpha(answers, 'nominal', { seed })
  return value !== undefined && low > 0
}
