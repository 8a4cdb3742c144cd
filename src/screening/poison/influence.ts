import { featuresAt } from '../../models/features.ts'
import type { ProgramSpec } from '../../models/program.ts'
import { quantile } from '../../stats/index.ts'
import { falseDiscovery } from '../../stats/two-sample/index.ts'
import { defineScreen, type NullComparison, type ScreenContext, type ScreenResult } from '../../threat/screen.ts'
import { twoMeans } from '../linear/k-means.ts'
import { cannotTell } from './cannot-tell.ts'
import { conformalRows } from './class-tests/conformal.ts'
import { dipTest } from './class-tests/dip.ts'
import { rowsOfClasses, sampleOf } from './class-tests/rows-of-class.ts'

/** What one state of the last layer says of some rows. */
export type Checkpoint = NonNullable<ScreenContext['checkpoints']>[number]

/** p minus the one-hot label, of one row: the gradient of the cross-entropy by the logits. */
const logitGradient = (logits: Float32Array, row: number, classes: number, label: number): Float64Array => {
  const own = Float64Array.from(logits.subarray(row * classes, (row + 1) * classes))
  const top = own.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const e = own.map((value) => Math.exp(value - top))
  const sum = e.reduce((total, value) => total + value, 0)
  const p = e.map((value) => value / sum)
  // 1 - p of the label, from the others: it keeps its digits where p is nearly 1.
  p[label] = -p.reduce((total, value, c) => (c === label ? total : total + value), 0)
  return p
}

const dot = (a: ArrayLike<number>, from: number, b: ArrayLike<number>, at: number, width: number): number => {
  let sum = 0
  for (let k = 0; k < width; k++) sum += a[from + k]! * b[at + k]!
  return sum
}

/**
 * TracIn of the last layer (Pruthi et al. 2020, arXiv:2002.08484): how much learning row `a` lowered the loss of row `b`,
 * summed over checkpoints. The gradient by a linear layer's weights and bias is the outer product of (p - y) and
 * (features, 1), so that its inner product is the product of two small ones.
 */
export const influenceOf = (
  checkpoints: readonly Checkpoint[],
  labels: Int32Array,
  classes: number,
  a: number,
  b: number,
): number =>
  checkpoints.reduce((total, { features: { values, width }, logits, rate = 1 }) => {
    const ga = logitGradient(logits, a, classes, labels[a]!)
    const gb = logitGradient(logits, b, classes, labels[b]!)
    return total + rate * dot(ga, 0, gb, 0, classes) * (dot(values, a * width, values, b * width, width) + 1)
  }, 0)

/** Logarithm of the influence of each row on itself: what it took to learn it. */
export const selfInfluence = (checkpoints: readonly Checkpoint[], labels: Int32Array, classes: number): Float64Array =>
  Float64Array.from(labels, (_, row) =>
    Math.log(Math.max(Number.MIN_VALUE, influenceOf(checkpoints, labels, classes, row, row))),
  )

const logitsProgram: ProgramSpec = { key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) }

const trustedScores = async ({ model, trusted, classes }: ScreenContext): Promise<Float64Array | undefined> => {
  if (!model || !trusted || trusted.labels.length < 20) return undefined
  const rows = trusted.labels.length
  const values = await featuresAt({ model }, trusted.x, rows)
  const { logits } = await (await model.program(logitsProgram)).run(rows, { x: trusted.x })
  return selfInfluence(
    [{ features: { values, width: values.length / rows }, logits: logits! }],
    trusted.labels,
    classes,
  )
}

const leastRows = 40

const run = async (context: ScreenContext): Promise<ScreenResult> => {
  const { labels, features, logits, classes, falseDiscoveryRate } = context
  if (!labels) return cannotTell(context, 'there are no labels')
  if (!features || !logits) return cannotTell(context, 'there is no model whose gradients could be taken')
  const states = [{ features, logits }, ...(context.checkpoints ?? [])]
  const scores = selfInfluence(states, labels, classes)
  if (scores.some(Number.isNaN)) return cannotTell(context, 'some features or logits are not finite')
  const usual = states.length === 1 ? await trustedScores(context) : undefined
  if (usual) {
    const { flagged, comparison } = conformalRows(
      scores,
      usual,
      falseDiscoveryRate,
      'largest logarithm of self-influence, against trusted rows',
    )
    return answer(scores, flagged, [comparison], 'of more influence on themselves than trusted rows')
  }
  const tested: { at: Int32Array; p: number; comparison: NullComparison }[] = []
  for (const [label, all] of rowsOfClasses(labels, classes).entries()) {
    if (all.length < leastRows) continue
    const at = sampleOf(all, 6000, context.random('sample', label))
    const { dip, null: drawn, p } = dipTest(Float64Array.from(at, (row) => scores[row]!))
    const values = Array.from(drawn)
    const [median, q95, q99] = [0.5, 0.95, 0.99].map((q) => quantile(values, q)) as [number, number, number]
    const statistic = `dip of the logarithm of self-influence in class ${label}, times the root of the rows`
    tested.push({ at: all, p, comparison: { statistic, measured: dip, median, q95, q99, p } })
  }
  if (tested.length === 0) return cannotTell(context, `no class has ${leastRows} rows`, scores)
  const found = falseDiscovery(
    tested.map(({ p }) => p),
    falseDiscoveryRate,
  )
  const flagged: number[] = []
  for (const [i, { at }] of tested.entries()) {
    if (!found[i]) continue
    const values = Float64Array.from(at, (row) => scores[row]!)
    const { cluster, centres } = twoMeans(values, 1, context.random('two', i))
    const upper = centres[1]! > centres[0]! ? 1 : 0
    const strangers = at.filter((_, k) => cluster[k] === upper)
    // Hard rows of a class are no poison: the model must give most of the group to other classes.
    const refused = strangers.filter((row) => !isTop(logits, row, classes, labels[row]!))
    if (2 * refused.length > strangers.length) flagged.push(...strangers)
  }
  return answer(
    scores,
    Int32Array.from(flagged).sort(),
    tested.map(({ comparison }) => comparison),
    'in a group of their class that the model did not come to believe',
  )
}

const isTop = (logits: Float32Array, row: number, classes: number, label: number): boolean => {
  for (let c = 0; c < classes; c++) if (logits[row * classes + c]! > logits[row * classes + label]!) return false
  return true
}

const answer = (
  scores: Float64Array,
  flagged: Int32Array,
  comparisons: readonly NullComparison[],
  what: string,
): ScreenResult => ({
  verdict: flagged.length > 0 ? 'flagged' : 'nothing found',
  reason: `${flagged.length === 0 ? 'no row is' : `${flagged.length} rows are`} ${what}`,
  scores,
  flagged,
  null: comparisons,
})

export const influence = defineScreen({
  id: 'influence',
  title: 'Rows of great influence on themselves (TracIn): what the model learned by heart or did not believe',
  reference: 'Pruthi et al. 2020, arXiv:2002.08484; Bates et al. 2023, arXiv:2104.08279',
  needs: ['labels', 'features', 'model'],
  parameters: {},
  run: (context) => run(context),
})
