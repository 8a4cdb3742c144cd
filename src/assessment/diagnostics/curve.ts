import type { Curve } from '../../contract/index.ts'
import { type Checked, checked, percent } from './checked.ts'

const wholeRange = { id: 'whole-range-breaks', title: 'A budget of the whole range breaks the model' }

/** Accuracy must fall to chance or below where the budget is the whole range; a curve that doesn't isn't robustness. */
export const checkWholeRange = (curve: Curve, classes: number, probes: readonly string[]): readonly Checked[] => {
  const last = curve.points.at(-1)
  if (!last) return []
  const fired = last.accuracy.low > 1 / classes
  const left = `with a budget of ${last.epsilon}, the whole range of the input, ${curve.attack}`
  const message = fired
    ? `${left} still leaves ${percent(last.accuracy.value)} robust (chance: ${percent(1 / classes)}): the attack fails, not the attacker`
    : `${left} leaves ${percent(last.accuracy.value)} robust (chance: ${percent(1 / classes)})`
  return probes.map((probe) =>
    checked(probe, wholeRange, { flag: 'flat-in-budget', fired, measured: last.accuracy.value, message }),
  )
}

const monotone = { id: 'monotone-in-budget', title: 'A larger budget breaks no fewer rows' }

/** What lies within a budget lies within every larger one. Random starts may lose a row in fifty, not more. */
const slack = 0.02

/** Measured: the largest rise of robust accuracy from one budget of the curve to the next, 0 where it never rises. */
export const checkMonotone = ({ attack, points }: Curve, probes: readonly string[]): readonly Checked[] => {
  if (points.length < 2) return []
  const rises = points.slice(1).map((point, i) => ({
    from: points[i]!,
    to: point,
    rise: point.accuracy.value - points[i]!.accuracy.value,
  }))
  const { from, to, rise } = rises.reduce((most, one) => (one.rise > most.rise ? one : most))
  const fired = rise > Math.max(slack, 1 / to.accuracy.n)
  const figures = `${attack} leaves ${percent(from.accuracy.value)} robust at ${from.epsilon} and ${percent(to.accuracy.value)} at ${to.epsilon}`
  const message = fired
    ? `${figures}: a larger budget can't make a model more robust, so the attack fails there`
    : rise > 0
      ? `${figures}, the largest rise along the curve; up to ${percent(slack)} may be random starts`
      : `the share that is left robust never rises along the ${points.length} budgets of the curve`
  return probes.map((probe) =>
    checked(probe, monotone, { flag: 'not-monotone', fired, measured: Math.max(0, rise), message }),
  )
}
