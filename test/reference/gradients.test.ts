import { describe, expect, it } from 'vitest'
import type { ProgramBuilder } from '../../src/models/program.ts'
import { crossEntropy, dlr, type Loss, margin, targetedDlr } from '../../src/onnx/losses.ts'
import { toInt64 } from '../../src/threat/rows.ts'
import { model, relativeError, stored } from '../support/fixtures.ts'

/** Loss and input gradient of stored rows. */
const lossAndGradient = async (
  name: string,
  x: Float32Array,
  labels: Int32Array,
  lossOf: (builder: ProgramBuilder) => Loss,
  targets = labels,
) => {
  const classifier = await model(name)
  const program = await classifier.program({
    key: 'loss and gradient',
    inputs: { labels: { dtype: 'int64', dims: [] }, targets: { dtype: 'int64', dims: [] } },
    build: (builder) => {
      const loss = lossOf(builder)(builder.g, builder.logits, builder.input('labels'))
      return { loss, gradient: builder.gradient(loss) }
    },
  })
  const result = await program.run(labels.length, { x, labels: toInt64(labels), targets: toInt64(targets) })
  await classifier.release()
  return { loss: result.loss!, gradient: result.gradient! }
}

describe('input gradients agree with torch', () => {
  it.each([
    'mnist-cnn',
    'mnist-cnn-at',
    'mnist-backdoor',
    'mnist-overfit',
    'fashion-resnet',
    'breast-cancer-mlp',
    'seq-lstm',
    'seq-transformer',
  ])('of %s, to a relative error of 1e-4', async (name) => {
    const reference = await stored(`${name}.gradients`)
    const { gradient, loss } = await lossAndGradient(name, reference.x, reference.y, () => crossEntropy)
    expect(relativeError(gradient, reference.of('grad'))).toBeLessThan(1e-4)
    expect(relativeError(loss, reference.of('loss'))).toBeLessThan(1e-4)
  })

  it('of batch normalisation: fashion-resnet-bn is the network that fashion-resnet was folded from', async () => {
    const reference = await stored('fashion-resnet.gradients')
    const { gradient } = await lossAndGradient('fashion-resnet-bn', reference.x, reference.y, () => crossEntropy)
    expect(relativeError(gradient, reference.of('grad'))).toBeLessThan(1e-4)
  })
})

describe('losses agree with torch in value and gradient', () => {
  const cases: readonly [string, (builder: ProgramBuilder) => Loss, number][] = [
    ['ce', () => crossEntropy, 1],
    ['margin', () => margin, 1],
    ['dlr', () => dlr, 1],
    ['dlr_targeted_next', ({ input }) => targetedDlr(input('targets')), 1],
    [
      'neg_ce_targeted_next',
      ({ input }) =>
        (g, logits) =>
          g.neg(crossEntropy(g, logits, input('targets'))),
      1,
    ],
  ]
  it.each(cases)('%s', async (name, lossOf) => {
    const reference = await stored('mnist-cnn.losses16')
    const next = reference.y.map((label) => (label + 1) % 10)
    const { loss, gradient } = await lossAndGradient('mnist-cnn', reference.x, reference.y, lossOf, next)
    expect(relativeError(loss, reference.of(name))).toBeLessThan(1e-4)
    expect(relativeError(gradient, reference.of(`${name}_grad`))).toBeLessThan(1e-4)
  })
})
