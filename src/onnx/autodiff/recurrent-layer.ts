import type { GraphBuilder, Value } from '../builder.ts'
import { type InputGradient, once, type VjpContext } from './rule.ts'
import { rangeOf, shapeVector, sizeAt } from './shape-vector.ts'
import { padAxis } from './spread.ts'
import { unsupportedGradient } from './unsupported.ts'

/** One direction of a recurrent layer: its weights, and its states at all steps as the run of the model gave them. */
export interface Direction {
  /** From the last step to the first. */
  readonly backwards: boolean
  /** [gates hidden, inputs]. */
  readonly W: Value
  /** [gates hidden, hidden]. */
  readonly R: Value
  readonly inputBias: Value | undefined
  readonly recurrentBias: Value | undefined
  readonly hidden: number
  /** Hidden states before each step, [steps, rows, hidden]. */
  readonly before: Value
  /** Hidden states after each step. */
  readonly after: Value
  readonly initialCell: Value | undefined
  /** 1 where a row is still within its own length, else 0, [steps, rows, 1]; undefined without sequence lengths. */
  readonly mask: Value | undefined
  /** Gradient for the hidden states of all steps, masked; undefined where the loss doesn't depend on them. */
  readonly dAfter: Value | undefined
  /** Gradient for the hidden and cell state after the last step, [rows, hidden]. */
  readonly dLast: Value
  readonly dLastCell: Value
}

/** What a cell's backward pass gives. */
interface DirectionGradient {
  /** For the gates before activation, as far as they come from the input: [steps, rows, gates hidden]. */
  readonly dInput: Value
  /** The same for what comes from the hidden state; another value only where the cell scales it on its way. */
  readonly dRecurrent: Value
  /** [gates hidden, hidden]. */
  dR(): Value
  readonly dInitial: Value
  readonly dInitialCell?: Value
}

export type Cell = (g: GraphBuilder, X: Value, direction: Direction) => DirectionGradient

/**
 * Gradients of LSTM, GRU and RNN for X, W, R, B, (sequence_lens), initial_h and initial_c by backpropagation through
 * time. Gates of all steps are recomputed at once from the hidden states that the model's run gives, so only the
 * recursion itself goes step by step. Rows may have lengths of their own. Throws GRAPH_OP_UNSUPPORTED for `clip`,
 * batches in front (`layout`), `input_forget` and activations other than `activations`.
 */
export const recurrentGradients = (context: VjpContext, cell: Cell): readonly InputGradient[] => {
  const { g, node, attributes, x } = context
  if (attributes.int('layout', 0) !== 0) throw unsupportedGradient(node, 'needs layout 0, time in front')
  if (attributes.has('clip')) throw unsupportedGradient(node, 'has no form for clipped gates')
  if (attributes.int('input_forget', 0) !== 0) throw unsupportedGradient(node, 'has no form for coupled gates')
  const X = x[0]!
  const directions = once(() => directionsOf(context))
  const gradients = once(() => directions().map((direction) => cell(g, X, direction)))
  const stacked = (part: (gradient: DirectionGradient) => Value) => () =>
    g.concat(
      gradients().map((gradient) => g.unsqueeze(part(gradient), [0])),
      0,
    )
  const overSteps = (value: Value) => g.reduceSum(value, [0, 1])
  return [
    () =>
      gradients()
        .map(({ dInput }, i) => g.matmul(dInput, directions()[i]!.W))
        .reduce((a, b) => g.add(a, b)),
    stacked(({ dInput }) => outerSum(g, dInput, X)),
    stacked((gradient) => gradient.dR()),
    stacked(({ dInput, dRecurrent }) => g.concat([overSteps(dInput), overSteps(dRecurrent)], 0)),
    'none',
    stacked(({ dInitial }) => dInitial),
    ...(node.op === 'LSTM' ? [stacked(({ dInitialCell }) => dInitialCell!)] : []),
  ]
}

/** Names of the activations in lower case, those of the first direction; the other must have the same. */
export const activationsOf = ({ node, attributes }: VjpContext, defaults: readonly string[]): readonly string[] => {
  const listed = attributes.strings('activations')?.map((name) => name.toLowerCase()) ?? []
  const first = listed.length === 0 ? defaults : listed.slice(0, defaults.length)
  const other = listed.slice(defaults.length).find((name, i) => name !== first[i])
  if (other) throw unsupportedGradient(node, `needs the same activations in both directions, not "${other}" in one`)
  return first
}

/** x Wᵀ + b over all steps at once, [steps, rows, gates]; one Gemm, which adds the bias on its way. */
export const affine = (g: GraphBuilder, x: Value, W: Value, bias: Value | undefined): Value => {
  const product = g.op('Gemm', [flat(g, x), W, bias], { transB: 1 })
  return g.reshape(product, shapeVector(g, [sizeAt(x, 0), sizeAt(x, 1), sizeAt(W, 0)]))
}

/** Steps and rows as one axis. */
const flat = (g: GraphBuilder, value: Value): Value => g.reshape(value, shapeVector(g, [-1, sizeAt(value, 2)]))

/** The sum over steps and rows of a bᵀ: [gates, …]. */
export const outerSum = (g: GraphBuilder, a: Value, b: Value): Value =>
  g.op('Gemm', [flat(g, a), flat(g, b)], { transA: 1 })

const directionsOf = (context: VjpContext): readonly Direction[] => {
  const { g, node, attributes, x, y, dYs } = context
  const [X, W, R, B, lengths, initial, initialCell] = x as [Value, Value, Value, ...(Value | undefined)[]]
  const hidden = R.dims?.[2]
  if (typeof hidden !== 'number') throw unsupportedGradient(node, 'needs a fixed size of the hidden state')
  const kind = attributes.string('direction', 'forward')
  const count = kind === 'bidirectional' ? 2 : 1
  const Y = y[0] ?? g.op(node.op, x, node.attributes)
  const mask = lengths && withinLength(g, X, lengths)
  const masked = (value: Value | undefined) => (value && mask ? g.mul(value, mask) : value)
  const zeros = () => g.op('Expand', [g.constant(X.dtype, [1], [0]), shapeVector(g, [sizeAt(X, 1), hidden])])
  const at = (value: Value | undefined, i: number, axis = 0): Value | undefined =>
    value && (count === 1 ? g.squeeze(value, [axis]) : g.gather(value, g.constant('int64', [], [i]), axis))
  return rangeOf(count).map((i) => {
    const backwards = kind === 'reverse' || i === 1
    const after = at(Y, i, 1)!
    const biases = at(B, i)
    const half = biases && g.ops('Split', [biases], { axis: 0, num_outputs: 2 }, { outputs: 2 })
    return {
      backwards,
      W: at(W, i)!,
      R: at(R, i)!,
      inputBias: half?.[0],
      recurrentBias: half?.[1],
      hidden,
      after,
      before: previous(g, after, at(initial, i), backwards, mask),
      initialCell: at(initialCell, i),
      mask,
      dAfter: masked(at(dYs[0], i, 1)),
      dLast: at(dYs[1], i) ?? zeros(),
      dLastCell: at(dYs[2], i) ?? zeros(),
    }
  })
}

const withinLength = (g: GraphBuilder, X: Value, lengths: Value): Value => {
  const scalar = (value: number) => g.constant('int64', [], [value])
  const steps = g.squeeze(shapeVector(g, [sizeAt(X, 0)]), [0])
  const step = g.reshape(g.op('Range', [scalar(0), steps, scalar(1)]), [-1, 1])
  return g.unsqueeze(g.cast(g.less(step, g.cast(lengths, 'int64')), X.dtype), [2])
}

/** The states one step earlier in the direction's order, zero or `initial` before the first step. */
export const previous = (
  g: GraphBuilder,
  states: Value,
  initial: Value | undefined,
  backwards: boolean,
  mask?: Value,
): Value => {
  const shifted = (value: Value) => padAxis(g, value, 0, backwards ? -1 : 1, backwards ? 1 : -1)
  if (!initial) return shifted(states)
  if (!mask || !backwards) {
    const first = g.unsqueeze(initial, [0])
    return backwards
      ? g.concat([g.slice(states, [1], [Number.MAX_SAFE_INTEGER], [0]), first], 0)
      : g.concat([first, g.slice(states, [0], [-1], [0])], 0)
  }
  // Going backwards a row starts where its own length ends, and states beyond that are zero.
  return g.add(shifted(states), g.mul(g.sub(1, shifted(mask)), initial))
}
