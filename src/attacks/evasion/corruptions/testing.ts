import type { Classifier } from '../../../models/classifier.ts'
import { sizeOf } from '../../../onnx/tensor.ts'
import type { AnyAttack } from '../../../threat/attack.ts'
import { contextFor, linearClassifier } from '../../testing.ts'

/** Rows of this shape under a corruption, in the range [low, high]. */
export const corrupt = async (
  attack: AnyAttack,
  dims: readonly number[],
  x: Float32Array,
  severity: number,
  [low, high]: readonly [number, number] = [0, 1],
): Promise<Float32Array> => {
  const model = await modelOn(dims)
  const rows = { model, x, labels: new Int32Array(x.length / model.size) }
  const found = await attack.run(contextFor(attack, rows, { norm: 'severity', epsilon: severity, low, high }), {})
  return found.x
}

const models = new Map<string, Promise<Classifier>>()

/** A model for rows of this shape, which corruptions never ask. */
const modelOn = (dims: readonly number[]): Promise<Classifier> => {
  const key = dims.join()
  const zeros = (): readonly number[] => new Array<number>(sizeOf(dims)).fill(0)
  const model = models.get(key) ?? linearClassifier([zeros(), zeros()], [0, 0], dims)
  models.set(key, model)
  return model
}

export const filled = (count: number, value: number): Float32Array => new Float32Array(count).fill(value)

export const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length

export const deviationOf = (values: ArrayLike<number>): number => {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(Array.from(values, (value) => (value - mean) ** 2)))
}
