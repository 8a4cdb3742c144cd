import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.ts'
import { gradientAt } from '../gradient-at.ts'
import { gradientExcess } from '../gradient-excess.ts'
import { distinctValues } from '../random-inputs.ts'

const operators = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare']

/** The node's axes: left out, an empty list, a constant, or only known at run time. */
const axesOf = (g: GraphBuilder, how: string, axes: readonly number[], rank: number): Value | undefined => {
  if (how === 'missing') return undefined
  if (how === 'empty') return g.ints([])
  if (how === 'constant') return g.ints(axes)
  const mask = Array.from({ length: rank }, (_, axis) => Number(axes.includes(axis)))
  return g.reshape(g.op('NonZero', [g.constant('int64', [rank], mask)]), [-1])
}

const cases = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    axes: fc.subarray(
      dims.map((_, i) => i),
      { minLength: 1 },
    ),
    negative: fc.boolean(),
    how: fc.constantFrom('missing', 'empty', 'constant', 'constant', 'dynamic'),
    keepdims: fc.constantFrom(0, 1),
    noop_with_empty_axes: fc.constantFrom(0, 1),
    seed: fc.integer(),
  }),
)

describe.each(operators)('Reduce%s', (name) => {
  it('agrees with central differences for any axes', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ dims, axes, negative, how, keepdims, noop_with_empty_axes, seed }) => {
        const listed = negative && how !== 'dynamic' ? axes.map((axis) => axis - dims.length) : axes
        const spaced = distinctValues(dims, seed)
        // Away from kinks at 0, and from sums without a logarithm.
        const values = spaced.map((value) =>
          name === 'LogSum' ? Math.abs(value) + 0.3 : value + Math.sign(value) * 0.2 + 0.05,
        )
        const check = gradientExcess({
          inputs: [{ dims, values }],
          build: (g, [x]) =>
            g.op(`Reduce${name}`, [x, axesOf(g, how, listed, dims.length)], { keepdims, noop_with_empty_axes }),
          seed,
        })
        expect(await check).toBeLessThan(1)
      }),
      { numRuns: 10, seed: 13 },
    )
  })
})

const gradientOf = async (op: string, dims: readonly number[], values: readonly number[], axes?: readonly number[]) => {
  const { gradients } = await gradientAt({
    inputs: [{ dims, values }],
    build: (g, [x]) => g.op(op, [x, axes && g.ints(axes)], { keepdims: 0 }),
  })
  return gradients[0]
}

describe('at special values', () => {
  it.each(['ReduceMax', 'ReduceMin'])('%s shares the gradient equally among ties', async (op) => {
    const values = [3, 3, 3, 3, 1, 5, 5, 1]
    const [low, high] = op === 'ReduceMin' ? [0.5, 0] : [0, 0.5]
    expect(await gradientOf(op, [2, 4], values, [1])).toEqual([0.25, 0.25, 0.25, 0.25, low, high, high, low])
  })

  it('ReduceProd takes the product of the others whatever the number of zeros', async () => {
    const values = [2, 3, 4, 0, 3, 4, 0, 0, 4, 0, 0, 0]
    expect(await gradientOf('ReduceProd', [4, 3], values, [1])).toEqual([12, 8, 6, 12, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('ReduceL2 has gradient 0 at 0', async () => {
    expect(await gradientOf('ReduceL2', [2, 2], [0, 0, 3, 4], [1])).toEqual([
      0, 0, 0.6000000238418579, 0.800000011920929,
    ])
  })

  it('ReduceL1 has slope 0 at 0', async () => {
    expect(await gradientOf('ReduceL1', [3], [-2, 0, 1])).toEqual([-1, 0, 1])
  })
})
