import { BartizanError } from '../../../base/errors.ts'
import { areNumbers } from '../answers/answers.ts'

/** How alpha weighs a difference between two labels. */
export type Level = 'nominal' | 'ordinal' | 'interval' | 'ratio'

/** The squared difference between labels c and k, where each label occurs as often as `totals` says. */
export type Distance = (totals: Float64Array) => (c: number, k: number) => number

const numbersOf = (classes: readonly string[], level: Level): readonly number[] => {
  if (areNumbers(classes)) return classes.map(Number)
  const bad = classes.find((name) => !areNumbers([name]))
  throw new BartizanError('DATA_LABEL_INVALID', `the label ${JSON.stringify(bad)} is not a number`, {
    hint: `differences at the level "${level}" need labels that are numbers; "nominal" takes any`,
    data: { label: bad, level },
  })
}

/** Distance of ranks: half of the labels' own counts and all between them (labels in order of their number). */
const ordinal: Distance = (totals) => {
  const rank = new Float64Array(totals.length)
  for (let c = 0, below = 0; c < totals.length; below += totals[c]!, c++) rank[c] = below + totals[c]! / 2
  return (c, k) => (rank[c]! - rank[k]!) ** 2
}

/** Krippendorff's difference functions (2004, "Content analysis", chapter 11). Throws DATA_LABEL_INVALID. */
export const distanceAt = (level: Level, classes: readonly string[]): Distance => {
  if (level === 'nominal') return () => (c, k) => (c === k ? 0 : 1)
  const of = numbersOf(classes, level)
  if (level === 'ordinal') return ordinal
  if (level === 'interval') return () => (c, k) => (of[c]! - of[k]!) ** 2
  const negative = of.findIndex((value) => value < 0)
  if (negative >= 0)
    throw new BartizanError('DATA_LABEL_INVALID', `the label ${classes[negative]} is negative`, {
      hint: 'ratios need labels from 0 on; for others use the level "interval"',
      data: { label: classes[negative], level },
    })
  return () => (c, k) => (c === k ? 0 : ((of[c]! - of[k]!) / (of[c]! + of[k]!)) ** 2)
}

/**
 * MASI (Passonneau 2006, "Measuring agreement on set-valued items"): for labels that are sets, written with `separator`
 * between their members; 1 less Jaccard's index times 1, 0.67, 0.33 or 0 (as NLTK rounds them) for equal, contained, overlapping, disjoint sets.
 */
export const masi = (classes: readonly string[], separator = '|'): Distance => {
  const sets = classes.map((name) => new Set(name.split(separator)))
  return () => (c, k) => {
    const [a, b] = [sets[c]!, sets[k]!]
    const both = [...a].filter((member) => b.has(member)).length
    const union = a.size + b.size - both
    const kind = both === 0 ? 0 : both === union ? 1 : both === Math.min(a.size, b.size) ? 0.67 : 0.33
    return 1 - (both / union) * kind
  }
}
