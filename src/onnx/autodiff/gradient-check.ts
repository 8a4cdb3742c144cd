import { stream } from '../../base/random.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../builder.ts'
import { createSession, type Feeds, modelOf } from '../session.ts'
import { sizeOf } from '../tensor.ts'
import { addGradient } from './gradient.ts'

export interface CheckedInput {
  readonly dims: readonly number[]
  /** Values to start from; standard normal where not given. Keep away from kinks. */
  readonly values?: readonly number[]
}

export interface GradientCheck {
  readonly inputs: readonly CheckedInput[]
  /** The function under test; its outputs are weighted at random and summed. */
  build(g: GraphBuilder, inputs: readonly Value[]): Value | readonly Value[]
  /** float64 where ONNX Runtime has the kernels: then the check is sharp. */
  readonly dtype?: 'float32' | 'float64'
  readonly seed?: number
  /** Leave the first axis of the first input symbolic, as a batch is. */
  readonly symbolicBatch?: boolean
}

/**
 * How far the analytic gradients are from central differences along random directions, as the largest relative error
 * over inputs and directions: |<grad, v> - df/dv| / (|<grad, v>| + |df/dv| + 1e-3 |grad|). A right rule stays near 1e-8
 * in float64 and below 5e-3 in float32.
 */
export const gradientError = async (check: GradientCheck): Promise<number> => {
  const { inputs, build, dtype = 'float64', seed = 0, symbolicBatch = false } = check
  const random = stream('gradient-check', seed)
  const values = inputs.map(({ dims, values }) =>
    values ? [...values] : Array.from({ length: sizeOf(dims) }, () => random.normal()),
  )
  const forward = graphBuilder()
  const symbols = inputs.map(({ dims }, i) =>
    forward.input(`x${i}`, dtype, symbolicBatch && i === 0 ? ['batch', ...dims.slice(1)] : dims),
  )
  const outputs = [build(forward, symbols)].flat()
  const shapes = await outputShapes(forward, outputs, feedsOf(values, inputs, dtype))
  const terms = outputs.map((output, i) => {
    const size = sizeOf(shapes[i]!)
    const weights = forward.constant(
      dtype,
      shapes[i]!,
      Array.from({ length: size }, () => random.normal()),
    )
    return forward.op('ReduceSum', [forward.mul(output, weights)], { keepdims: 0 })
  })
  const loss = forward.output(
    'loss',
    terms.reduce((a, b) => forward.add(a, b)),
  )
  const graph = forward.build()
  const g = graphBuilder(graph)
  const gradients = addGradient(g, graph, { of: loss, withRespectTo: symbols })
  for (const [i, gradient] of gradients.entries()) g.output(`grad${i}`, gradient)
  const session = await createSession(modelOf(g.build()))
  const at = async (point: readonly (readonly number[])[]) => session.run(feedsOf(point, inputs, dtype))
  const base = await at(values)
  const step = dtype === 'float64' ? 1e-5 : 1e-2
  let worst = 0
  for (let i = 0; i < inputs.length; i++) {
    const gradient = Array.from(base[`grad${i}`]!.data as ArrayLike<number>)
    if (gradient.length !== values[i]!.length) return Number.POSITIVE_INFINITY
    const norm = Math.hypot(...gradient)
    for (let direction = 0; direction < 3; direction++) {
      const v = values[i]!.map(() => random.normal())
      const moved = (by: number) => values.map((list, j) => (j === i ? list.map((x, k) => x + by * v[k]!) : list))
      const [up, down] = [await at(moved(step)), await at(moved(-step))]
      const numeric = (Number(up.loss!.data[0]) - Number(down.loss!.data[0])) / (2 * step)
      const analytic = gradient.reduce((sum, x, k) => sum + x * v[k]!, 0)
      const scale = Math.abs(numeric) + Math.abs(analytic) + 1e-3 * norm + 1e-12
      worst = Math.max(worst, Number.isNaN(analytic) ? Number.POSITIVE_INFINITY : Math.abs(numeric - analytic) / scale)
    }
  }
  await session.release()
  return worst
}

const feedsOf = (
  values: readonly (readonly number[])[],
  inputs: readonly CheckedInput[],
  dtype: 'float32' | 'float64',
): Feeds =>
  Object.fromEntries(
    values.map((list, i) => [
      `x${i}`,
      { dtype, dims: inputs[i]!.dims, data: dtype === 'float64' ? Float64Array.from(list) : Float32Array.from(list) },
    ]),
  )

/** Runs the function alone: the shapes of its results, where inference leaves them open. */
const outputShapes = async (
  g: GraphBuilder,
  outputs: readonly Value[],
  feeds: Feeds,
): Promise<(readonly number[])[]> => {
  const graph = { ...g.build(), outputs: outputs.map(({ name, dtype, dims }) => ({ name, dtype, dims })) }
  const session = await createSession(modelOf(graph))
  const results = await session.run(feeds)
  await session.release()
  return outputs.map(({ name }) => results[name]!.dims)
}
