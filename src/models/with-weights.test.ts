import { describe, expect, it } from 'vitest'
import { floats } from '../onnx/attributes.ts'
import { graphBuilder } from '../onnx/builder.ts'
import { readModel } from '../onnx/read.ts'
import { modelOf } from '../onnx/session.ts'
import { tensor } from '../onnx/tensor.ts'
import type { Attributes, Model, Node } from '../onnx/types.ts'
import { writeModel } from '../onnx/write.ts'
import { classifierFrom } from './classifier.ts'
import { modelWithWeights } from './with-weights.ts'

const constant = (name: string, attributes: Attributes): Node => ({
  name: `${name}/node`,
  op: 'Constant',
  domain: '',
  inputs: [],
  outputs: [name],
  attributes,
})

/** x W + b c + d: an initializer and all forms of constants, with everything around them that a file may hold. */
const source = (): Model => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['n', 2])
  const base = g.build([])
  const value = (name: string, dims: readonly number[]) => ({ name, dtype: 'float32', dims }) as const
  const h = graphBuilder(
    {
      ...base,
      nodes: [
        constant('b', { value: { type: 'tensor', value: tensor('float32', [3], [1, 2, 3]) } }),
        constant('c', { value_float: { type: 'float', value: 0.5 } }),
        constant('d', { value_floats: floats([4, 5, 6]) }),
        constant('half', { value: { type: 'tensor', value: tensor('float16', [1], [1]) } }),
      ],
      initializers: new Map([
        ['W', tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6])],
        ['unused', tensor('int64', [2], [7, 8])],
      ]),
    },
    { b: value('b', [3]), c: value('c', []), d: value('d', [3]) },
  )
  h.output('y', h.add(h.add(h.matmul(x, h.value('W')), h.mul(h.value('b'), h.value('c'))), h.value('d')))
  const model = modelOf(h.build())
  return {
    ...model,
    producerName: 'someone',
    docString: 'notes',
    metadata: { mean: '0.5', 'a b': 'ü' },
    domain: 'org.example',
  }
}

const initial = new Map([
  ['W', Float32Array.of(1, 2, 3, 4, 5, 6)],
  ['b', Float32Array.of(1, 2, 3)],
  ['c', Float32Array.of(0.5)],
  ['d', Float32Array.of(4, 5, 6)],
])
const other = new Map([...initial].map(([name, values]) => [name, values.map((value) => 10 - 2 * value)]))

const logits = async (model: Model, x: Float32Array): Promise<number[]> => {
  const classifier = await classifierFrom(model, { path: '', sha256: '' })
  const program = await classifier.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
  const { logits: result } = await program.run(x.length / 2, { x })
  await classifier.release()
  return [...result!]
}

describe('a model with other weights', () => {
  it('is the same file where they are the same', () => {
    const model = source()
    const weights = new Map([...initial].filter(([name]) => name === 'W' || name === 'b'))
    expect(Buffer.compare(writeModel(modelWithWeights(model, weights)), writeModel(model))).toBe(0)
    expect(Buffer.compare(writeModel(modelWithWeights(model, new Map())), writeModel(model))).toBe(0)
  })

  it('differs in the bytes of its weights only', () => {
    const model = readModel(writeModel(source()))
    const weights = new Map([...other].filter(([name]) => name === 'W' || name === 'b'))
    const [before, after] = [writeModel(model), writeModel(modelWithWeights(model, weights))]
    expect(after.length).toBe(before.length)
    const changed = [...after].filter((byte, i) => byte !== before[i]).length
    expect(changed).toBeGreaterThan(0)
    expect(changed).toBeLessThanOrEqual(9 * 4)
    // And back again.
    const same = new Map([...weights.keys()].map((name) => [name, initial.get(name)!]))
    expect(Buffer.compare(writeModel(modelWithWeights(readModel(after), same)), before)).toBe(0)
  })

  it('computes with them, whichever form the file keeps them in', async () => {
    const x = Float32Array.of(1, 0, 0, 1, 2, -3)
    const expected = (weights: typeof initial) => {
      const [W, b, c, d] = ['W', 'b', 'c', 'd'].map((name) => weights.get(name)!)
      return [0, 1, 2].flatMap((n) =>
        [0, 1, 2].map((k) => x[2 * n]! * W![k]! + x[2 * n + 1]! * W![3 + k]! + b![k]! * c![0]! + d![k]!),
      )
    }
    expect(await logits(source(), x)).toEqual(expected(initial))
    const changed = modelWithWeights(source(), other)
    expect(await logits(changed, x)).toEqual(expected(other))
    expect(await logits(readModel(writeModel(changed)), x)).toEqual(expected(other))
  })

  it('leaves the model that it was made from alone', async () => {
    const model = source()
    const before = writeModel(model)
    modelWithWeights(model, other)
    expect(Buffer.compare(writeModel(model), before)).toBe(0)
  })

  it.each([
    ['nowhere', [1]],
    ['W', [1, 2]],
    ['b', [1, 2, 3, 4]],
    ['unused', [1, 2]],
    ['half', [1]],
    ['y', [1]],
  ] as const)('refuses "%s" of %j: it would be lost', (name, values) => {
    expect(() => modelWithWeights(source(), new Map([[name, Float32Array.from(values)]]))).toThrow(
      expect.objectContaining({ code: 'INTERNAL', message: expect.stringContaining(`"${name}"`) }),
    )
  })
})
