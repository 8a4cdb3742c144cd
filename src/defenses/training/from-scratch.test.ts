import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openClassifier } from '../../models/classifier.ts'
import { trainingGraph } from '../../training/training-mode/index.ts'
import { contextOf, harden, quick, untrained } from '../testing.ts'
import { drawnAnew } from './from-scratch.ts'
import { scaled, weightsOf } from './testing.ts'

const stored = async (name: string) => {
  const model = await openClassifier(
    fileURLToPath(new URL(`../../../test/fixtures/models/${name}.onnx`, import.meta.url)),
  )
  const fresh = drawnAnew(model, trainingGraph(model).trainable, 7)
  await model.release()
  return { model, fresh }
}

describe('drawing weights anew', () => {
  it.each([
    'conv 4 3x3 bias no, batchnorm, relu, residual [ conv 4, groupnorm 2 ], maxpool 2, dense 8, relu, dense classes',
    'dense 5, relu, dense classes',
  ])('gives what the architecture would have been built with: %s', async (layers) => {
    const source = scaled(untrained(1, layers), 3)
    const model = await contextOf({ source }).open(source)
    const fresh = drawnAnew(model, trainingGraph(model).trainable, 2)
    await model.release()
    expect(new Map([...fresh].map(([name, { data }]) => [name, data]))).toEqual(weightsOf(untrained(2, layers)))
  })

  it.each([['seq-transformer'], ['token-transformer'], ['seq-lstm'], ['fashion-resnet-bn'], ['mnist-cnn']])(
    'knows every weight of %s',
    async (name) => {
      const { model, fresh } = await stored(name)
      const old = model.model.graph.initializers
      expect(fresh.size).toBeGreaterThan(4)
      for (const [weight, { dims, data }] of fresh) {
        expect(dims).toEqual(old.get(weight)!.dims)
        const values = data as Float32Array
        expect(values.every(Number.isFinite)).toBe(true)
        // Matrices vary; scales and biases may be one number.
        if (dims.length > 1 && dims.every((size) => size > 1)) expect(new Set(values).size).toBeGreaterThan(10)
      }
    },
  )

  it("takes a product's factor for the number of inputs, however the file turns it", async () => {
    const { model, fresh } = await stored('seq-transformer')
    const bounds = model.model.graph.nodes
      .filter(({ op, inputs }) => op === 'MatMul' && fresh.has(inputs[1]!))
      .map(({ inputs }) => fresh.get(inputs[1]!)!)
    expect(bounds.length).toBeGreaterThan(0)
    for (const { dims, data } of bounds) {
      const largest = Math.max(...[...(data as Float32Array)].map(Math.abs))
      expect(largest * Math.sqrt(dims[0]!)).toBeLessThanOrEqual(1 + 1e-6)
      expect(largest * Math.sqrt(dims[0]!)).toBeGreaterThan(0.9)
    }
  })
})

describe('training from scratch', () => {
  it('leaves nothing of the weights before, and depends on the seed', async () => {
    const trained = async (factor: number, seed: number) => {
      const context = contextOf({ source: scaled(untrained(), factor), context: { seed } })
      const { model, notes } = await harden('standard', context, { ...quick, from: 'scratch' })
      expect(notes.join(' ')).toMatch(/drawn anew/)
      return weightsOf(model)
    }
    const one = await trained(1, 0)
    expect(await trained(5, 0)).toEqual(one)
    expect(await trained(1, 1)).not.toEqual(one)
  })
})
