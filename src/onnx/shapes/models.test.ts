import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { normalise } from '../normalise.ts'
import { readModel } from '../read.ts'
import { createSession, type Feed } from '../session.ts'
import { sizeOf } from '../tensor.ts'
import type { Model, ValueInfo } from '../types.ts'
import { inferShapes } from './infer.ts'
import { compare } from './runtime-check.ts'

const folder = new URL('../../../test/fixtures/models/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.onnx'))

const batch = 3

const feedFor = ({ name, dtype, dims }: ValueInfo): Feed => {
  const random = stream('models', name)
  const actual = dims!.map((dim) => (typeof dim === 'number' ? dim : batch))
  const list = Array.from({ length: sizeOf(actual) }, () => random.uniform())
  return dtype === 'int64'
    ? { dtype, dims: actual, data: BigInt64Array.from(list, (x) => BigInt(Math.floor(x * 4))) }
    : { dtype: 'float32', dims: actual, data: Float32Array.from(list) }
}

/** The model with every value as an output, of a shape that the runtime has to say. */
const withEverything = (
  model: Model,
  names: readonly string[],
  dtypeOf: (name: string) => ValueInfo['dtype'],
): Model => ({
  ...model,
  graph: { ...model.graph, outputs: names.map((name) => ({ name, dtype: dtypeOf(name), dims: undefined })) },
})

describe.each(files)('%s', (file) => {
  it('has every size but the batch known, and known as ONNX Runtime computes it', async () => {
    const model = normalise(readModel(readFileSync(new URL(file, folder))))
    const inputTypes = Object.fromEntries(
      model.graph.inputs.map((input) => [input.name, { ...input, dims: ['batch', ...input.dims!.slice(1)] }]),
    )
    const known = inferShapes(model.graph, inputTypes)
    const names = model.graph.nodes.flatMap((node) => node.outputs.filter(Boolean))
    const session = await createSession(withEverything(model, names, (name) => known.get(name)!.dtype))
    const feeds = Object.fromEntries(model.graph.inputs.map((input) => [input.name, feedFor(input)]))
    const results = await session.run(feeds)
    await session.release()
    const sizes = new Map([['batch', batch]])
    const verdicts = names.map((name) => compare({ ...known.get(name)!, name }, results[name]!, sizes))
    expect(verdicts.flatMap(({ wrong, open }) => [...wrong, ...open])).toEqual([])
  })
})
