import { describe, expect, it } from 'vitest'
import { scratch } from '../../base/testing.ts'
import type { Model } from '../../onnx/types.ts'
import { contextOf, harden, pictures, quick, untrained } from '../testing.ts'
import { weightsOf } from './testing.ts'

/** Both biases in one initializer, as PyTorch's exporter writes equal ones. */
const sharing = (): Model => {
  const model = untrained(1, 'dense 3, relu, dense classes')
  const { nodes, initializers } = model.graph
  const pass = { name: 'pass', op: 'Identity', domain: '', inputs: ['fc1.bias'], outputs: ['fc2.bias'], attributes: {} }
  const kept = new Map([...initializers].filter(([name]) => name !== 'fc2.bias'))
  return { ...model, graph: { ...model.graph, nodes: [pass, ...nodes], initializers: kept } }
}

const at = scratch()

describe('fit', () => {
  it('lets equal weights part that the exporter wrote once', async () => {
    const { model } = await harden('standard', contextOf({ source: sharing() }), quick)
    const weights = weightsOf(model)
    expect(weights.get('fc2.bias')).toBeDefined()
    expect(weights.get('fc2.bias')).not.toEqual(weights.get('fc1.bias'))
  })

  it('gives the weights of the epoch that validated best', async () => {
    // Labels of the validation are turned by one class: the better it learns, the worse it validates.
    const { x, labels } = pictures(60, 'validation')
    const validation = { x, labels: labels.map((label) => (label + 1) % 3) }
    const recipe = { ...quick, epochs: 4, 'learning-rate': 0.1, schedule: 'constant' }
    const { model, epochs } = await harden('standard', contextOf({ validation }), recipe)
    const best = epochs.findLast((epoch) => epoch.best)!
    expect(best.epoch).toBeLessThan(4)
    const shorter = await harden('standard', contextOf({ validation }), { ...recipe, epochs: best.epoch })
    expect(weightsOf(model)).toEqual(weightsOf(shorter.model))
  })

  it('stops after so many epochs without a better validation', async () => {
    const recipe = { ...quick, epochs: 50, 'learning-rate': 0.1, patience: 2 }
    const { stopped, epochs } = await harden('standard', contextOf(), recipe)
    expect(stopped?.reason).toBe('early stopping')
    expect(epochs.slice(-2).map(({ best }) => best)).toEqual([false, false])
  })

  it('trains without validation rows, and then gives the last weights', async () => {
    const validation = { x: new Float32Array(), labels: new Int32Array() }
    const { epochs } = await harden('standard', contextOf({ validation }), { ...quick, epochs: 2 })
    expect(epochs.map(({ best, validation }) => ({ best, validation }))).toEqual([
      { best: true, validation: undefined },
      { best: true, validation: undefined },
    ])
  })

  it('keeps a run of another objective, budget or recipe from going on with a checkpoint', async () => {
    const checkpoint = { path: at('run.npz'), resume: true }
    const run = (context: object, parameters = {}) =>
      harden('adversarial-training', contextOf({ context: { checkpoint, ...context } }), { ...quick, ...parameters })
    await run({})
    await expect(run({})).resolves.toBeDefined()
    await expect(run({ epsilon: 0.2 })).rejects.toMatchObject({ code: 'RUN_CONFLICT' })
    await expect(run({ high: 2 })).rejects.toMatchObject({ code: 'RUN_CONFLICT' })
    await expect(run({}, { steps: 3 })).rejects.toMatchObject({ code: 'RUN_CONFLICT' })
    await expect(run({}, { from: 'scratch' })).rejects.toMatchObject({ code: 'RUN_CONFLICT' })
  })
})
