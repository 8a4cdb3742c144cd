import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { strings } from '../../attributes.ts'
import { graphBuilder, type OpAttributes, type Value } from '../../builder.ts'
import { createSession, type Feed, type Feeds, modelOf } from '../../session.ts'
import { sizeOf } from '../../tensor.ts'
import type { Dims } from '../../types.ts'
import { addGradient } from '../gradient.ts'
import { type OracleLayer, oracleLayer } from '../recurrent-oracle.ts'

const [rows, inputs, hidden] = [2, 4, 3]
const gates = { LSTM: 4, GRU: 3, RNN: 1 } as const

interface Case {
  readonly op: OracleLayer['op']
  readonly direction?: string
  readonly steps?: number
  readonly attributes?: OpAttributes
  readonly activation?: OracleLayer['activation']
  readonly resetAfter?: boolean
  readonly lengths?: readonly number[]
  readonly bias?: boolean
  readonly initial?: boolean
  /** Which of Y, Y_h and Y_c count. */
  readonly outputs?: readonly number[]
}

type Layer = (g: ReturnType<typeof graphBuilder>, values: Readonly<Record<string, Value>>) => readonly Value[]

/** Shapes of a layer's inputs, in the order of the operator. */
const shapesOf = ({ op, direction, steps = 3, bias = true, initial = true }: Case) => {
  const directions = direction === 'bidirectional' ? 2 : 1
  return {
    X: [steps, rows, inputs],
    W: [directions, gates[op] * hidden, inputs],
    R: [directions, gates[op] * hidden, hidden],
    ...(bias && { B: [directions, 2 * gates[op] * hidden] }),
    ...(initial && { initial: [directions, rows, hidden] }),
    ...(initial && op === 'LSTM' && { initialCell: [directions, rows, hidden] }),
  } as const
}

const runtimeLayer =
  ({ op, direction = 'forward', attributes, activation, resetAfter, lengths }: Case): Layer =>
  (g, { X, W, R, B, initial, initialCell }) => {
    const given = lengths && g.constant('int32', [rows], lengths)
    const directions = direction === 'bidirectional' ? 2 : 1
    const all = {
      hidden_size: hidden,
      direction,
      activations: activation && strings(new Array(directions).fill(activation)),
      linear_before_reset: resetAfter ? 1 : undefined,
      ...attributes,
    }
    return g.ops(op, [X, W, R, B, given, initial, initialCell], all, { outputs: op === 'LSTM' ? 3 : 2 })
  }

const slowLayer =
  ({ op, direction = 'forward', activation, resetAfter, lengths, steps = 3 }: Case): Layer =>
  (g, { X, W, R, B, initial, initialCell }) =>
    oracleLayer(
      g,
      { op, direction, activation, resetAfter, lengths, steps, rows, hidden },
      { X: X!, W: W!, R: R!, B, initial, initialCell },
    )

/** Outputs of a layer and the gradients of their sum with fixed random weights, for every input. */
const resultsOf = async (test: Case, layer: Layer, symbolic: boolean): Promise<Record<string, Feed>> => {
  const forward = graphBuilder()
  const shapes = Object.entries(shapesOf(test))
  const open = (name: string, dims: readonly number[]): Dims => {
    if (!symbolic) return dims
    return name === 'X' ? ['steps', 'rows', inputs] : dims
  }
  const values = Object.fromEntries(
    shapes.map(([name, dims]) => [name, forward.input(name, 'float32', open(name, dims))]),
  )
  const outputs = layer(forward, values)
  const { steps = 3, direction } = test
  const directions = direction === 'bidirectional' ? 2 : 1
  const terms = (test.outputs ?? outputs.map((_, i) => i)).map((i) => {
    const dims = i === 0 ? [steps, directions, rows, hidden] : [directions, rows, hidden]
    const random = stream('weights', i)
    const weights = forward.constant(
      'float32',
      dims,
      Array.from({ length: sizeOf(dims) }, () => random.normal()),
    )
    return forward.op('ReduceSum', [forward.mul(outputs[i]!, weights)], { keepdims: 0 })
  })
  const loss = forward.output(
    'loss',
    terms.reduce((a, b) => forward.add(a, b)),
  )
  const graph = forward.build()
  const g = graphBuilder(graph)
  const wanted = Object.values(values)
  addGradient(g, graph, { of: loss, withRespectTo: wanted }).forEach((gradient, i) => {
    g.output(`d${wanted[i]!.name}`, gradient)
  })
  const session = await createSession(modelOf(g.build()))
  const feeds: Feeds = Object.fromEntries(
    shapes.map(([name, dims]) => {
      const random = stream('values', name)
      return [
        name,
        { dtype: 'float32', dims, data: Float32Array.from({ length: sizeOf(dims) }, () => random.normal()) },
      ]
    }),
  )
  const results = await session.run(feeds)
  await session.release()
  return results
}

/**
 * The largest difference between the runtime's layer under the rule and the slow one, relative to the largest value;
 * with sizes fixed and with steps and rows that only the run knows (unrolled, and as a Scan).
 */
const difference = async (test: Case): Promise<number> => {
  const slow = await resultsOf(test, slowLayer(test), false)
  expect(Object.keys(slow).length).toBe(Object.keys(shapesOf(test)).length + 1)
  const differences: number[] = []
  for (const symbolic of [false, true]) {
    const fast = await resultsOf(test, runtimeLayer(test), symbolic)
    for (const [name, { data }] of Object.entries(slow)) {
      const [a, b] = [Array.from(fast[name]!.data, Number), Array.from(data, Number)]
      expect(a.length).toBe(b.length)
      differences.push(Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) / Math.max(...b.map(Math.abs)))
    }
  }
  return Math.max(...differences)
}

const close = 2e-5
const directions = ['forward', 'reverse', 'bidirectional']

describe.each<OracleLayer['op']>(['LSTM', 'GRU', 'RNN'])('%s', (op) => {
  it.each(directions)('has the gradients of its own definition, %s', async (direction) => {
    expect(await difference({ op, direction })).toBeLessThan(close)
  })

  it.each(directions)('has them where rows have lengths of their own, %s', async (direction) => {
    expect(await difference({ op, direction, lengths: [3, 1] })).toBeLessThan(close)
  })

  it('has them without bias and initial states, and for one step', async () => {
    expect(await difference({ op, bias: false, initial: false, lengths: [1, 3] })).toBeLessThan(close)
    expect(await difference({ op, steps: 1 })).toBeLessThan(close)
  })

  it.each(op === 'LSTM' ? [0, 1, 2] : [0, 1])('has them where only output %d counts', async (output) => {
    expect(await difference({ op, direction: 'reverse', outputs: [output] })).toBeLessThan(close)
  })
})

describe('GRU with linear_before_reset', () => {
  it.each(directions)('has the gradients of its own definition, %s', async (direction) => {
    expect(await difference({ op: 'GRU', direction, resetAfter: true })).toBeLessThan(close)
  })

  it('has them where rows have lengths of their own, without bias', async () => {
    expect(await difference({ op: 'GRU', resetAfter: true, lengths: [1, 3], bias: false })).toBeLessThan(close)
  })
})

describe('RNN', () => {
  it.each(['Sigmoid', 'Relu'] as const)('has the gradients of its definition with %s', async (activation) => {
    expect(await difference({ op: 'RNN', direction: 'bidirectional', activation })).toBeLessThan(close)
  })
})

describe('what has no gradient', () => {
  it.each<[OracleLayer['op'], OpAttributes]>([
    ['LSTM', { clip: { type: 'float', value: 1 } }],
    ['LSTM', { input_forget: 1 }],
    ['LSTM', { activations: strings(['HardSigmoid', 'Tanh', 'Tanh']) }],
    ['GRU', { activations: strings(['Sigmoid', 'Softsign']) }],
    ['RNN', { activations: strings(['Affine']) }],
  ])('%s with %j is refused', async (op, attributes) => {
    const test: Case = { op, attributes }
    await expect(resultsOf(test, runtimeLayer(test), false)).rejects.toMatchObject({ code: 'GRAPH_OP_UNSUPPORTED' })
  })
})
