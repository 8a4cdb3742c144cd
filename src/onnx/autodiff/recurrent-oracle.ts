import type { GraphBuilder, Value } from '../builder.ts'

export interface OracleLayer {
  readonly op: 'LSTM' | 'GRU' | 'RNN'
  readonly direction: string
  readonly activation?: 'Tanh' | 'Sigmoid' | 'Relu'
  readonly resetAfter?: boolean
  readonly lengths?: readonly number[]
  readonly steps: number
  readonly rows: number
  readonly hidden: number
}

export interface OracleInputs {
  readonly X: Value
  readonly W: Value
  readonly R: Value
  readonly B?: Value
  readonly initial?: Value
  readonly initialCell?: Value
}

/**
 * LSTM, GRU and RNN step by step in elementary operators, as the ONNX specification writes them: slow, and plainly
 * right. Returns Y, Y_h and, for LSTM, Y_c.
 */
export const oracleLayer = (g: GraphBuilder, layer: OracleLayer, inputs: OracleInputs): readonly Value[] => {
  const directions = layer.direction === 'bidirectional' ? [false, true] : [layer.direction === 'reverse']
  const runs = directions.map((backwards, i) => direction(g, layer, inputs, i, backwards))
  const states = layer.op === 'LSTM' ? 2 : 1
  const all = g.concat(
    runs.map(({ outputs }) => g.unsqueeze(g.concat(outputs, 0), [1])),
    1,
  )
  const last = Array.from({ length: states }, (_, k) =>
    g.concat(
      runs.map((run) => g.unsqueeze(run.states[k]!, [0])),
      0,
    ),
  )
  return [all, ...last]
}

const direction = (
  g: GraphBuilder,
  layer: OracleLayer,
  { X, W, R, B, initial, initialCell }: OracleInputs,
  i: number,
  backwards: boolean,
) => {
  const { steps, rows, hidden, lengths } = layer
  const at = (value: Value) => g.squeeze(g.slice(value, [i], [i + 1], [0]), [0])
  const zeros = g.constant(X.dtype, [rows, hidden], new Array(rows * hidden).fill(0))
  const weights = { W: at(W), R: at(R), B: B && at(B) }
  let states: readonly Value[] = [initial ? at(initial) : zeros, initialCell ? at(initialCell) : zeros]
  const outputs: Value[] = []
  for (let step = 0; step < steps; step++) {
    const t = backwards ? steps - 1 - step : step
    const x = g.squeeze(g.slice(X, [t], [t + 1], [0]), [0])
    const next = cell(g, layer, weights, x, states)
    const within = (lengths ?? new Array<number>(rows).fill(steps)).map((length) => Number(t < length))
    const mask = g.constant('bool', [rows, 1], within)
    states = next.map((state, k) => g.where(mask, state, states[k]!))
    outputs[t] = g.unsqueeze(g.where(mask, states[0]!, 0), [0])
  }
  return { outputs, states }
}

interface Weights {
  readonly W: Value
  readonly R: Value
  readonly B: Value | undefined
}

const cell = (
  g: GraphBuilder,
  { op, hidden, activation = 'Tanh', resetAfter = false }: OracleLayer,
  { W, R, B }: Weights,
  x: Value,
  [h, c]: readonly Value[],
): readonly Value[] => {
  const count = op === 'LSTM' ? 4 : op === 'GRU' ? 3 : 1
  const rows = (value: Value, gate: number) => g.slice(value, [gate * hidden], [(gate + 1) * hidden], [0])
  const affine = (value: Value, weights: Value, gate: number, biasAt: number) => {
    const product = g.matmul(value, g.transpose(rows(weights, gate), [1, 0]))
    return B ? g.add(product, rows(B, biasAt)) : product
  }
  const fromInput = (gate: number) => affine(x, W, gate, gate)
  const fromState = (gate: number, state = h!) => affine(state, R, gate, count + gate)
  const gate = (k: number) => g.add(fromInput(k), fromState(k))
  if (op === 'RNN') return [g.op(activation, [gate(0)])]
  if (op === 'LSTM') {
    const [i, o, f] = [g.sigmoid(gate(0)), g.sigmoid(gate(1)), g.sigmoid(gate(2))]
    const next = g.add(g.mul(f, c!), g.mul(i, g.tanh(gate(3))))
    return [g.mul(o, g.tanh(next)), next]
  }
  const [z, r] = [g.sigmoid(gate(0)), g.sigmoid(gate(1))]
  const n = g.tanh(g.add(fromInput(2), resetAfter ? g.mul(r, fromState(2)) : fromState(2, g.mul(r, h!))))
  return [g.add(g.mul(g.sub(1, z), n), g.mul(z, h!))]
}
