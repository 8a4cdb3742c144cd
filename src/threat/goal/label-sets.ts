import type { MultiLabelTask } from '../../contract/task.ts'
import type { GraphBuilder, Value } from '../../onnx/builder.ts'
import { gatherRows } from '../rows.ts'
import type { Goal } from './goal.ts'

/** Below any margin, and still finite in float32. */
const lowest = -3e38

/** Labels that are pushed alone, one after another, where any one will do. */
const mostAlone = 8

/**
 * Rows of a multi-label model: broken where so many labels that were right are wrong. Margins are logits with the sign
 * that a flip gives them. One flip: the loss is the margin of the least robust label, then of each of the next ones
 * alone, since the smallest margin is not always the nearest boundary. Several: the sum over as many of the least robust
 * labels, each as the logarithm of the probability that it is flipped, so that none is pushed on and on while another
 * one holds; then over all labels.
 * `signs` [rows, labels]: 1 where a label that counts is to appear, -1 where it is to go, 0 where it doesn't count.
 * `clean`: logits before the attack, of the same shape.
 */
export const labelSetsGoal = (task: MultiLabelTask, signs: Float32Array, clean: Float32Array, labels: number): Goal => {
  const { flips, label } = task
  const single = flips === 1 || label !== undefined
  /** The signs of one label alone: the one of the `place`-th largest clean margin; all where there are fewer. */
  const alone = (row: number, place: number): Float32Array => {
    const all = signs.subarray(row * labels, (row + 1) * labels)
    const margin = (k: number): number => all[k]! * clean[row * labels + k]!
    const chosen = [...all.keys()].filter((k) => all[k] !== 0).sort((a, b) => margin(b) - margin(a))[place]
    return chosen === undefined ? all : all.map((sign, k) => (k === chosen ? sign : 0))
  }
  const margins = (row: number, logits: Float32Array): readonly number[] => {
    const counted: number[] = []
    for (let k = 0; k < labels; k++) {
      const sign = signs[row * labels + k]!
      if (sign !== 0) counted.push(sign * logits[k]!)
    }
    return counted.sort((a, b) => b - a)
  }
  const neededOf = (counted: number): number => (flips === 'all' ? counted : flips)
  return {
    task: 'multi-label',
    key: `flip ${flips}`,
    ways: label !== undefined || flips === 'all' ? 1 : flips === 1 ? Math.min(labels, 1 + mostAlone) : 2,
    inputs: { signs: { dtype: 'float32', dims: [labels] }, 'all of them': { dtype: 'float32', dims: [] } },
    loss: ({ g, input }, logits) => {
      const counts = g.cast(g.abs(input('signs')), 'bool')
      const pushed = g.mul(logits, input('signs'))
      if (single) return g.reduceMax(g.where(counts, pushed, lowest), [1])
      const chances = logSigmoid(g, pushed)
      const together = g.reduceSum(g.where(counts, chances, 0), [1])
      if (flips === 'all') return together
      const [most] = g.ops('TopK', [g.where(counts, chances, lowest), g.ints([flips])], { axis: 1 }, { outputs: 2 })
      const least = g.reduceSum(most!, [1])
      const all = input('all of them')
      return g.add(g.mul(all, together), g.mul(g.sub(1, all), least))
    },
    feeds: (rows, way) => {
      const pushed = gatherRows(signs, rows, labels)
      if (single && way > 0) for (const [i, row] of rows.entries()) pushed.set(alone(row, way), i * labels)
      return { signs: pushed, 'all of them': new Float32Array(rows.length).fill(single ? 0 : way) }
    },
    broken: (rows, logits) =>
      Uint8Array.from(rows, (row, i) => {
        const at = row * labels
        let counted = 0
        let flipped = 0
        for (let k = 0; k < labels; k++) {
          const sign = signs[at + k]!
          if (sign === 0) continue
          counted++
          const holds = logits[i * labels + k]! > 0
          if (!Number.isNaN(logits[i * labels + k]!) && holds === sign > 0) flipped++
        }
        return Number(counted > 0 && flipped >= neededOf(counted))
      }),
    lead: (row, logits) => {
      const sorted = margins(row, logits)
      const needed = sorted.slice(0, neededOf(sorted.length))
      if (single) return -needed[0]!
      return needed.reduce((sum, margin) => sum + Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(-margin, 0), 0)
    },
    of: (rows) => labelSetsGoal(task, gatherRows(signs, rows, labels), gatherRows(clean, rows, labels), labels),
  }
}

/** log of the logistic function, without overflow. */
const logSigmoid = (g: GraphBuilder, x: Value): Value => g.neg(g.op('Softplus', [g.neg(x)]))

/** Which labels count and where a flip takes them, from the true labels (0 or 1) and the clean logits, both [rows, labels]. */
export const flipSigns = (
  task: MultiLabelTask,
  truth: Float32Array,
  logits: Float32Array,
  labels: number,
): Float32Array =>
  logits.map((logit, at) => {
    const counts = task.label === undefined || at % labels === task.label
    return counts && logit > 0 === truth[at]! > 0.5 ? 1 - 2 * truth[at]! : 0
  })

/** Whether a row has enough labels that are right. */
export const canFlip = ({ flips }: MultiLabelTask, signs: Float32Array): boolean =>
  signs.reduce((count, sign) => count + Math.abs(sign), 0) >= (flips === 'all' ? 1 : flips)
