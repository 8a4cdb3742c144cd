import { type GraphBuilder, graphBuilder, type Value } from '../builder.ts'
import { createSession, modelOf } from '../session.ts'
import { addGradient } from './gradient.ts'
import type { CheckedInput } from './gradient-check.ts'

export interface GradientPoint {
  readonly inputs: readonly (CheckedInput & { readonly values: readonly number[] })[]
  build(g: GraphBuilder, inputs: readonly Value[]): Value
  readonly dtype?: 'float32' | 'float64'
  /** Operator sets beside or above the builder's own. */
  readonly opsets?: Readonly<Record<string, number>>
}

export interface ValueAndGradients {
  readonly value: readonly number[]
  /** One an input, row-major: the gradient of the sum of the result. */
  readonly gradients: readonly (readonly number[])[]
}

/** A function's result and its gradients at a point: for kinks and special values, where differences say nothing. */
export const gradientAt = async (point: GradientPoint): Promise<ValueAndGradients> => {
  const { inputs, build, dtype = 'float32', opsets = {} } = point
  const forward = graphBuilder()
  const symbols = inputs.map(({ dims }, i) => forward.input(`x${i}`, dtype, dims))
  const result = forward.output('result', build(forward, symbols))
  const graph = forward.build()
  const g = graphBuilder(graph)
  const gradients = addGradient(g, graph, { of: result, withRespectTo: symbols })
  for (const [i, gradient] of gradients.entries()) g.output(`gradient${i}`, gradient)
  const model = modelOf(g.build())
  const session = await createSession({ ...model, opsets: { ...model.opsets, ...opsets } })
  const feeds = inputs.map(({ dims, values }, i) => [
    `x${i}`,
    { dtype, dims, data: dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values) },
  ])
  const results = await session.run(Object.fromEntries(feeds))
  await session.release()
  const numbers = (name: string): readonly number[] => Array.from(results[name]!.data as ArrayLike<number>)
  return { value: numbers('result'), gradients: inputs.map((_, i) => numbers(`gradient${i}`)) }
}
