import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { argmaxRows } from '../../base/argmax.ts'
import { openData } from '../../data/index.ts'
import { readModel } from '../../onnx/read.ts'
import { createSession } from '../../onnx/session.ts'
import type { Model } from '../../onnx/types.ts'
import { writeModel } from '../../onnx/write.ts'
import type { AnyParameters } from '../../threat/parameters.ts'
import { transforms } from './index.ts'
import { withTransform } from './with-transform.ts'

const example = (name: string) => fileURLToPath(new URL(`../../../examples/digits/${name}`, import.meta.url))
const source = readModel(readFileSync(example('digits.onnx')))

/** The first rows of MNIST's test set, in [0, 1]. */
export const digits = async (rows: number): Promise<{ x: Float32Array; y: Int32Array }> => {
  const paths = { path: example('images-idx3-ubyte'), labels: example('labels-idx1-ubyte') }
  const set = await openData({ ...paths, scale: 1 / 255 })
  const batch = await set.read(0, rows)
  await set.close()
  return { x: batch.x as Float32Array, y: batch.y! }
}

/** The example's classifier with a transform in front, as written and read again. */
export const defended = (id: string, parameters: AnyParameters): Model => {
  const input = { name: 'input', dims: [1, 28, 28] }
  return readModel(writeModel(withTransform(source, input, transforms.get(id)!, parameters, { low: 0, high: 1 })))
}

export const accuracy = async (model: Model, x: Float32Array, y: Int32Array): Promise<number> => {
  const session = await createSession(writeModel(model))
  const { logits } = await session.run({ input: { dtype: 'float32', dims: [y.length, 1, 28, 28], data: x } })
  await session.release()
  const predicted = argmaxRows(logits!.data as Float32Array, 10)
  return predicted.filter((label, row) => label === y[row]).length / y.length
}
