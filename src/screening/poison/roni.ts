import { permutation } from '../../base/permutation.ts'
import { featuresAt } from '../../models/features.ts'
import { defineScreen, type ScreenContext, type ScreenResult } from '../../threat/screen.ts'
import { coordinates, principal, type Rows } from '../linear/principal.ts'
import { fitRidge, ridgeOutputs, withRow } from '../linear/ridge.ts'
import { cannotTell } from './cannot-tell.ts'
import { conformalRows } from './class-tests/conformal.ts'

const leastTrusted = 80
/** Rows of the quiz, at most. */
const mostAsked = 200
const dims = 20
const lambda = 1e-3
/** Small bases, and the mean over several: one row among thousands would change nothing, as in Nelson et al. */
const bases = 8
const rowsOfBase = 3

const upTo = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)

/** Rows and trusted rows in one space: the features where a model is given, else the contents. */
const spaces = async ({ x, size, rows, features, model, trusted }: ScreenContext) => {
  const count = trusted!.labels.length
  if (!features || !model)
    return {
      own: { values: x, width: size, at: upTo(rows) },
      clean: { values: trusted!.x, width: size, at: upTo(count) },
    }
  const values = await featuresAt({ model }, trusted!.x, count)
  return {
    own: { values: features.values, width: features.width, at: upTo(rows) },
    clean: { values, width: features.width, at: upTo(count) },
  }
}

const run = async (context: ScreenContext): Promise<ScreenResult> => {
  const { labels, trusted, classes, rows } = context
  if (!labels) return cannotTell(context, 'there are no labels')
  if (!trusted) return cannotTell(context, 'there are no trusted rows that damage could be measured on')
  const count = trusted.labels.length
  if (count < leastTrusted)
    return cannotTell(
      context,
      `${count} trusted rows are too few: ${leastTrusted} are needed to learn, ask and compare`,
    )
  const { own, clean } = await spaces(context)
  const order = permutation(count, context.random('split'))
  const base: Rows = { ...clean, at: order.slice(0, count >> 1) }
  const quiz = order.slice(count >> 1, (3 * count) >> 2).slice(0, mostAsked)
  const calibration = order.slice((3 * count) >> 2)
  const space = principal(base, dims, true, 1e-4)
  const width = space.singularValues.length
  const ownPoints = { values: coordinates(own, space), width }
  const cleanPoints = { values: coordinates(clean, space), width }
  const fits = Array.from({ length: bases }, (_, i) => {
    const drawn = permutation(base.at.length, context.random('base', i)).slice(0, rowsOfBase * (width + 1))
    const ridge = fitRidge({ ...cleanPoints, at: drawn.map((k) => base.at[k]!) }, trusted.labels, classes, lambda)
    const wrong = Array.from(quiz, (row) =>
      ridgeOutputs(ridge, cleanPoints, row).map((value, c) => value - (c === trusted.labels[row] ? 1 : 0)),
    )
    return { ridge, wrong }
  })
  /** By how much the squared error of the quiz grows when the row is learned, on average over the bases. */
  const damage = (points: typeof ownPoints, row: number, label: number): number => {
    let sum = 0
    for (const { ridge, wrong } of fits) {
      const { residual, gain } = withRow(ridge, points, row, label)
      const squared = residual.reduce((total, value) => total + value * value, 0)
      for (const [i, at] of quiz.entries()) {
        const g = gain(cleanPoints, at)
        let cross = 0
        for (let c = 0; c < classes; c++) cross += wrong[i]![c]! * residual[c]!
        sum += 2 * g * cross + g * g * squared
      }
    }
    return sum / quiz.length / bases
  }
  const scores = Float64Array.from({ length: rows }, (_, row) => {
    if (row % 256 === 0) context.progress(row / rows)
    return damage(ownPoints, row, labels[row]!)
  })
  const usual = Float64Array.from(calibration, (row) => damage(cleanPoints, row, trusted.labels[row]!))
  if (scores.some(Number.isNaN) || usual.some(Number.isNaN)) return cannotTell(context, 'some values are not finite')
  const { flagged, comparison } = conformalRows(
    scores,
    usual,
    context.falseDiscoveryRate,
    'largest growth of the quiz error by one row',
  )
  return {
    verdict: flagged.length > 0 ? 'flagged' : 'nothing found',
    reason:
      flagged.length > 0
        ? `${flagged.length} rows harm the quiz as no trusted row does`
        : `no row harms the quiz more than ${calibration.length} trusted rows do`,
    scores,
    flagged,
    null: [comparison],
  }
}

/**
 * Reject on negative impact (Nelson et al. 2008): how much one more row harms a learner on rows that are trusted. The
 * learner is a ridge regression, to which a row is added exactly, so that no row is left out for the cost. Trusted rows
 * are drawn without replacement into what is learned, the quiz, and those that tell what harm clean rows do.
 */
export const roni = defineScreen({
  id: 'roni',
  title: 'Rows that harm a learner on trusted rows',
  reference: 'Nelson et al. 2008, Exploiting Machine Learning to Subvert Your Spam Filter; Bates et al. 2023',
  needs: ['labels', 'trusted'],
  parameters: {},
  run: (context) => run(context),
})
