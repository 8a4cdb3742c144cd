import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.ts'
import { gradientError } from '../gradient-check.ts'

const sharp = 1e-6
const runs = { numRuns: 12, seed: 11 }

type Build = (g: GraphBuilder, xs: readonly Value[]) => Value

const worstError = async (dims: readonly (readonly number[])[], build: Build): Promise<number> => {
  const inputs = dims.map((dims) => ({ dims }))
  const fixed = await gradientError({ inputs, build })
  return Math.max(fixed, await gradientError({ inputs, build, symbolicBatch: true }))
}

const square = (g: GraphBuilder, x: Value): Value => g.mul(x, x)

/** An index constant that nothing can be read from before the run. */
const hidden = (g: GraphBuilder, x: Value, dims: readonly number[], list: readonly number[]): Value => {
  const zero = g.cast(g.op('ReduceMin', [g.mul(g.abs(x), 0)], { keepdims: 0 }), 'int64')
  return g.add(g.constant('int64', dims, list), zero)
}

const indexing = fc.integer({ min: 0, max: 2 }).chain((axis) =>
  fc.record({
    axis: fc.constant(axis),
    dims: fc.constantFrom<readonly number[]>([], [1], [4], [2, 3], [2, 1, 2]),
    seeds: fc.array(fc.integer({ min: -3, max: 2 }), { minLength: 6, maxLength: 6 }),
    known: fc.boolean(),
  }),
)

describe('Gather', () => {
  it('adds rows up along any axis, for repeated, negative and scalar indices', async () => {
    await fc.assert(
      fc.asyncProperty(indexing, async ({ axis, dims, seeds, known }) => {
        const list = seeds.slice(
          0,
          dims.reduce((a, b) => a * b, 1),
        )
        const build: Build = (g, [x]) =>
          g.gather(square(g, x!), known ? g.constant('int64', dims, list) : hidden(g, x!, dims, list), axis)
        expect(await worstError([[3, 3, 3]], build)).toBeLessThan(sharp)
      }),
      { ...runs, numRuns: 20 },
    )
  })

  it('puts known, different indices in place without a scatter', async () => {
    const build: Build = (g, [x]) => g.gather(square(g, x!), g.ints([2, -4, 3]), 1)
    expect(await worstError([[2, 4, 3]], build)).toBeLessThan(sharp)
  })

  it('adds up the rows of an embedding table', async () => {
    const tokens = [0, 3, 3, 1, 0, 0]
    const build: Build = (g, [table]) => square(g, g.gather(table!, g.constant('int64', [2, 3], tokens), 0))
    expect(await worstError([[5, 4]], build)).toBeLessThan(sharp)
  })
})

describe('GatherElements', () => {
  it.each([0, 1, -1])('adds elements up along axis %d', async (axis) => {
    const build: Build = (g, [x]) =>
      g.op('GatherElements', [square(g, x!), g.constant('int64', [2, 3], [0, 1, 1, -1, 0, 1])], { axis })
    expect(await worstError([[3, 3]], build)).toBeLessThan(sharp)
  })
})

describe('GatherND', () => {
  it.each([
    [0, [2, 1], [1, 1]],
    [0, [3, 2], [0, 1, 1, -1, 0, 1]],
    [0, [2, 1, 3], [0, 1, 2, 0, 1, 2]],
    [1, [2, 1], [1, 2]],
    [1, [2, 3, 2], [0, 1, 1, -1, 0, 1, 2, 2, 2, 2, 0, 0]],
    [2, [2, 3, 1], [0, 1, 2, 3, 1, 1]],
  ])('adds boxes up for batch_dims=%d and indices %j', async (batch_dims, dims, list) => {
    const build: Build = (g, [x]) => g.op('GatherND', [square(g, x!), g.constant('int64', dims, list)], { batch_dims })
    expect(await worstError([[2, 3, 4]], build)).toBeLessThan(sharp)
  })
})

describe.each(['none', 'add', 'mul', 'max', 'min'])('scatter with reduction %s', (reduction) => {
  const repeats = reduction !== 'none'

  it.each([0, 1, -1])('agrees with central differences along axis %d', async (axis) => {
    const list = repeats ? [0, 1, 2, 0, 1, 2] : [0, 1, 2, 2, 0, 1]
    const build: Build = (g, [data, updates]) =>
      g.op('ScatterElements', [square(g, data!), g.constant('int64', [2, 3], list), square(g, updates!)], {
        axis,
        reduction,
      })
    const dims = [
      [3, 3],
      [2, 3],
    ]
    expect(await worstError(dims, build)).toBeLessThan(1e-5)
  })

  it('agrees with central differences at coordinates', async () => {
    const list = repeats ? [0, 1, 0, 1, -1, 2] : [0, 1, 0, 2, -1, 2]
    const build: Build = (g, [data, updates]) =>
      g.op('ScatterND', [square(g, data!), g.constant('int64', [3, 2], list), square(g, updates!)], { reduction })
    const dims = [
      [2, 3, 2],
      [3, 2],
    ]
    expect(await worstError(dims, build)).toBeLessThan(1e-5)
  })
})

describe('scatter with reduction mul', () => {
  it.each([
    ['one zero among the updates', [1, 2, 3], [0, 5]],
    ['a zero in the data', [0, 2, 3], [4, 5]],
    ['zeros on both sides', [0, 2, 3], [0, 5]],
    ['two zeros in one product', [1, 2, 3], [0, 0]],
  ])('is exact with %s', async (_, data, updates) => {
    const inputs = [
      { dims: [3], values: data },
      { dims: [2], values: updates },
    ]
    const build: Build = (g, [x, u]) => g.op('ScatterElements', [x!, g.ints([0, 0]), u!], { axis: 0, reduction: 'mul' })
    expect(await gradientError({ inputs, build })).toBeLessThan(1e-5)
  })
})
