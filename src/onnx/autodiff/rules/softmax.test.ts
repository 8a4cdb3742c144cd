import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.ts'
import { gradientExcess } from '../gradient-excess.ts'

describe.each(['Softmax', 'LogSoftmax'])('%s', (op) => {
  it.each([
    [[3, 4], -1],
    [[3, 4], 0],
    [[2, 3, 4], 1],
    [[5], 0],
  ])('agrees with central differences for shape %j and axis %d', async (dims, axis) => {
    expect(await gradientExcess({ inputs: [{ dims }], build: (g, xs) => g.op(op, xs, { axis }) })).toBeLessThan(1)
  })

  it('takes the last axis where none is given', async () => {
    expect(await gradientExcess({ inputs: [{ dims: [2, 3] }], build: (g, xs) => g.op(op, xs) })).toBeLessThan(1)
  })
})

const labels = (g: GraphBuilder, dims: readonly number[], values: readonly number[]): Value =>
  g.constant('int64', dims, values)

describe.each(['SoftmaxCrossEntropyLoss', 'NegativeLogLikelihoodLoss'])('%s', (op) => {
  it.each(['none', 'sum', 'mean'])('agrees with central differences for reduction %s', async (reduction) => {
    for (const [dims, list] of [
      [
        [3, 4],
        [1, 3, 0],
      ],
      [
        [2, 3, 2],
        [1, 2, 0, 1],
      ],
    ] as const) {
      const labelDims = [dims[0], ...dims.slice(2)]
      for (const weighted of [false, true])
        for (const ignore_index of [undefined, 1]) {
          const check = gradientExcess({
            inputs: [{ dims }],
            build: (g, [x]) => {
              const weights = weighted ? g.constant(x!.dtype, [dims[1]], [0.5, 2, 1, 3].slice(0, dims[1])) : undefined
              return g.op(op, [x, labels(g, labelDims, list), weights], { reduction, ignore_index })
            },
          })
          expect(await check).toBeLessThan(1)
        }
    }
  })
})

describe('SoftmaxCrossEntropyLoss', () => {
  it('has a gradient for its log-probabilities too', async () => {
    const outputs = (g: GraphBuilder, x: Value) =>
      g.ops('SoftmaxCrossEntropyLoss', [x, labels(g, [3], [1, 3, 0])], {}, { outputs: 2 })
    const inputs = [{ dims: [3, 4] }]
    expect(await gradientExcess({ inputs, build: (g, [x]) => outputs(g, x!)[1]! })).toBeLessThan(1)
    expect(
      await gradientExcess({ inputs, build: (g, [x]) => g.add(outputs(g, x!)[1]!, outputs(g, x!)[0]!) }),
    ).toBeLessThan(1)
  })
})
