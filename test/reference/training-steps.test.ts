import { describe, expect, it } from 'vitest'
import type { Classifier } from '../../src/models/classifier.ts'
import { addGradient } from '../../src/onnx/autodiff/gradient.ts'
import { graphBuilder } from '../../src/onnx/builder.ts'
import { crossEntropy } from '../../src/onnx/losses.ts'
import { adam, globalNorm, momentum, type Optimiser, sgd } from '../../src/onnx/optimisers.ts'
import { createSession, type Feed, type Feeds, modelOf } from '../../src/onnx/session.ts'
import type { Tensor } from '../../src/onnx/types.ts'
import { toInt64 } from '../../src/threat/rows.ts'
import { model, relativeError, stored } from '../support/fixtures.ts'

const reference = await stored('training-steps16')

/** One graph: the mean loss, and all weights and their state after one step. */
const stepGraph = ({ model, input, output }: Classifier, optimiser: Optimiser) => {
  const { graph } = model
  const g = graphBuilder({
    ...graph,
    initializers: new Map(),
    outputs: [],
    inputs: [
      { name: input.name, dtype: 'float32', dims: ['batch', ...input.dims] },
      ...[...graph.initializers].map(([name, { dtype, dims }]) => ({ name, dtype, dims })),
    ],
  })
  const scalar = (name: string) => g.input(name, 'float32', [])
  const [rate, step, labels] = [scalar('rate'), scalar('step'), g.input('labels', 'int64', ['batch'])]
  const loss = g.reduceMean(crossEntropy(g, g.value(output.name), labels), [0])
  const names = [...graph.initializers.keys()]
  const withRespectTo = names.map((name) => g.value(name))
  const gradients = addGradient(g, g.build([]), { of: loss, withRespectTo })
  g.output('loss', loss)
  g.output('norm', globalNorm(g, gradients))
  for (const [i, weight] of withRespectTo.entries()) {
    const slots = Object.fromEntries(
      optimiser.slots.map((slot) => [slot, g.input(`${slot}:${weight.name}`, weight.dtype, weight.dims!)]),
    )
    const next = optimiser.update(g, { weight, gradient: gradients[i]!, slots, rate, step })
    g.output(`next:${weight.name}`, next.weight)
    for (const [slot, value] of Object.entries(next.slots)) g.output(`next:${slot}:${weight.name}`, value)
  }
  return createSession(modelOf(g.build(), model))
}

const zeros = ({ dims, data }: Tensor): Feed => ({ dtype: 'float32', dims, data: new Float32Array(data.length) })

const stateOf = ({ model }: Classifier, optimiser: Optimiser): Feeds => {
  const weights = [...model.graph.initializers]
  return Object.fromEntries([
    ...weights.map(([name, value]) => [name, value]),
    ...optimiser.slots.flatMap((slot) => weights.map(([name, value]) => [`${slot}:${name}`, zeros(value)])),
  ])
}

const rowsOf = (from: number, to: number): Feeds => ({
  input: { dtype: 'float32', dims: [to - from, 1, 28, 28], data: reference.x.slice(from * 784, to * 784) },
  labels: { dtype: 'int64', dims: [to - from], data: toInt64(reference.y.slice(from, to)) },
})

const scalar = (value: number): Feed => ({ dtype: 'float32', dims: [], data: Float32Array.of(value) })

describe('training steps agree with torch', () => {
  it.each([
    ['sgd_lr0.1', sgd(), 0.1],
    ['sgd_momentum0.9_lr0.1', momentum(), 0.1],
    ['adam_lr0.001', adam(), 0.001],
  ] as const)('in the losses of four full-batch steps of %s', async (key, optimiser, rate) => {
    const classifier = await model('mnist-cnn-at')
    const session = await stepGraph(classifier, optimiser)
    let state = stateOf(classifier, optimiser)
    const losses: number[] = []
    for (let step = 1; step <= 4; step++) {
      const results = await session.run({ ...state, ...rowsOf(0, 16), rate: scalar(rate), step: scalar(step) })
      losses.push(Number(results.loss!.data[0]))
      state = Object.fromEntries(Object.keys(state).map((name) => [name, results[`next:${name}`]!]))
    }
    await session.release()
    await classifier.release()
    const expected = reference.of(`mnist-cnn-at_losses_4_full_batch_steps:${key}`)
    for (const [i, loss] of losses.entries()) expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-6)
  })

  it("in the norm of each row's weight gradient", async () => {
    const classifier = await model('mnist-cnn')
    const session = await stepGraph(classifier, sgd())
    const norms: number[] = []
    const losses: number[] = []
    for (let row = 0; row < 16; row++) {
      const feeds = { ...stateOf(classifier, sgd()), ...rowsOf(row, row + 1), rate: scalar(0), step: scalar(1) }
      const { norm, loss } = await session.run(feeds)
      norms.push(Number(norm!.data[0]))
      losses.push(Number(loss!.data[0]))
    }
    await session.release()
    await classifier.release()
    expect(relativeError(norms, reference.of('per_row_gradient_l2'))).toBeLessThan(1e-5)
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 16
    expect(Math.abs(mean - reference.of('mean_loss')[0]!)).toBeLessThan(1e-6)
  })
})
