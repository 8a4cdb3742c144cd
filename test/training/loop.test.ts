import { describe, expect, it } from 'vitest'
import { classifierFrom } from '../../src/models/classifier.ts'
import { adam, momentum, sgd } from '../../src/onnx/optimisers.ts'
import { standard } from '../../src/training/objective.ts'
import { memoryStore } from '../../src/training/row-store.ts'
import { train } from '../../src/training/train.ts'
import { trainingGraph } from '../../src/training/training-mode/index.ts'
import { model, stored } from '../support/fixtures.ts'

const reference = await stored('training-steps16')

const store = memoryStore(reference.x, reference.y)

describe('the loop', () => {
  it.each([
    ['sgd_lr0.1', sgd(), 0.1],
    ['sgd_momentum0.9_lr0.1', momentum(), 0.1],
    ['adam_lr0.001', adam(), 0.001],
  ] as const)('has the losses that torch had in four full-batch steps of %s', async (key, optimiser, rate) => {
    const probe = await model('mnist-cnn-at')
    const trained = trainingGraph(probe)
    const options = { path: 'mnist-cnn-at', sha256: '', trainable: trained.trainable }
    const open = await classifierFrom(probe.source, options)
    const { epochs } = await train({
      model: open,
      trained,
      store,
      objective: standard(),
      optimiser,
      schedule: () => rate,
      epochs: 4,
      batch: 16,
      seed: 0,
      threads: 1,
    })
    const expected = reference.of(`mnist-cnn-at_losses_4_full_batch_steps:${key}`)
    expect(epochs.length).toBe(4)
    for (const [i, { loss }] of epochs.entries()) expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-5)
    await Promise.all([probe.release(), open.release()])
  })
})
