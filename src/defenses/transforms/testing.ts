import { fileURLToPath } from 'node:url'
import { stream } from '../../base/random.ts'
import { readNpz } from '../../data/index.ts'
import { addGradient } from '../../onnx/autodiff/gradient.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { normalise } from '../../onnx/normalise.ts'
import { createSession, modelOf, type Session } from '../../onnx/session.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { Model } from '../../onnx/types.ts'
import { writeModel } from '../../onnx/write.ts'
import type { AnyParameters } from '../../threat/parameters.ts'
import { transforms } from './index.ts'
import { type InputRange, withTransform } from './with-transform.ts'

/** A transform by itself: what it makes of rows is the output of the model. */
export interface Applied {
  readonly id: string
  readonly parameters?: AnyParameters
  readonly dims: readonly number[]
  readonly x: Float32Array
  readonly range?: InputRange
}

const alone = ({ id, parameters = {}, dims, range = { low: 0, high: 1 } }: Applied): Model => {
  const g = graphBuilder()
  g.output('y', g.op('Identity', [g.input('x', 'float32', ['batch', ...dims])]))
  return withTransform(modelOf(g.build()), { name: 'x', dims }, transforms.get(id)!, parameters, range)
}

const feedOf = ({ dims, x }: Applied) =>
  ({ dtype: 'float32', dims: [x.length / sizeOf(dims), ...dims], data: x }) as const

const results = async (session: Session, applied: Applied): Promise<Record<string, Float32Array>> => {
  const outputs = await session.run({ x: feedOf(applied) })
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)]),
  )
}

/** The rows as they come out of a file that a plain session runs, so many times one after another. */
export const outputsOf = async (applied: Applied, runs: number): Promise<readonly Float32Array[]> => {
  const session = await createSession(writeModel(alone(applied)))
  const outputs: Float32Array[] = []
  for (let run = 0; run < runs; run++) outputs.push((await results(session, applied)).y!)
  await session.release()
  return outputs
}

export const outputOf = async (applied: Applied): Promise<Float32Array> => (await outputsOf(applied, 1))[0]!

export interface OutputAndGradient {
  readonly y: Float32Array
  readonly gradient: Float32Array
}

/** The rows as they come out, and the gradient of Σ weights y for them, as attacks get it. Both of one run. */
export const gradientOf = async (applied: Applied, weights: Float32Array): Promise<OutputAndGradient> => {
  const model = normalise(alone(applied))
  const g = graphBuilder(model.graph)
  const y = g.value('y')
  const weighed = g.mul(y, g.constant('float32', feedOf(applied).dims, weights))
  const loss = g.reduceSum(weighed, [1, 2, 3].slice(0, applied.dims.length))
  const [gradient] = addGradient(g, g.build([]), { of: loss, withRespectTo: [g.value('x')] })
  g.output('gradient', gradient!)
  const session = await createSession(modelOf(g.build(), model))
  const both = await results(session, applied)
  await session.release()
  return { y: both.y!, gradient: both.gradient! }
}

/** Normal values around the middle of [0, 1]. */
export const randomValues = (count: number, ...key: readonly (string | number)[]): Float32Array => {
  const random = stream('transform tests', ...key)
  return Float32Array.from({ length: count }, () => Math.min(1, Math.max(0, 0.5 + 0.2 * random.normal())))
}

/** Largest and mean absolute difference. */
export const differenceOf = (a: ArrayLike<number>, b: ArrayLike<number>): { largest: number; mean: number } => {
  const each = Array.from(a, (value, i) => Math.abs(value - b[i]!))
  return { largest: Math.max(...each), mean: each.reduce((sum, value) => sum + value, 0) / each.length }
}

const fixtures = new URL('../../../test/fixtures/', import.meta.url)
/** The first eight digits, and what ART makes of them (numpy, scipy, Pillow). */
export const preprocessed = async (): Promise<(key: string) => Float32Array> => {
  const arrays = await readNpz(fileURLToPath(new URL('results/mnist-cnn.preprocessed8.npz', fixtures)))
  return (key) => arrays[key]!.data as Float32Array
}
