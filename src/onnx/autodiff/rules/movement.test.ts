import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.ts'
import { gradientError } from '../gradient-check.ts'

const sharp = 1e-6
const runs = { numRuns: 8, seed: 7 }
const size = fc.integer({ min: 1, max: 4 })
const shape = fc.array(size, { minLength: 1, maxLength: 4 })

/** The error with a fixed and with a symbolic batch, whichever is worse. */
const worstError = async (
  dims: readonly (readonly number[])[],
  build: (g: GraphBuilder, xs: readonly Value[]) => Value | readonly Value[],
): Promise<number> => {
  const inputs = dims.map((dims) => ({ dims }))
  const fixed = await gradientError({ inputs, build })
  return Math.max(fixed, await gradientError({ inputs, build, symbolicBatch: true }))
}

/** Any function of X whose gradient at a place tells that place from others. */
const square = (g: GraphBuilder, x: Value): Value => g.mul(x, x)

describe('Reshape, Flatten, Squeeze, Unsqueeze', () => {
  it.each<[string, readonly number[], (g: GraphBuilder, x: Value) => Value]>([
    ['Reshape', [2, 3, 4], (g, x) => g.reshape(x, [0, -1, 2])],
    ['Reshape to a scalar', [1, 1], (g, x) => g.reshape(x, [])],
    ['Flatten', [2, 3, 4], (g, x) => g.op('Flatten', [x], { axis: 1 })],
    ['Flatten from the end', [2, 3, 4], (g, x) => g.op('Flatten', [x], { axis: -1 })],
    ['Squeeze', [2, 1, 4, 1], (g, x) => g.squeeze(x, [1, -1])],
    ['Squeeze of all ones', [2, 1, 4, 1], (g, x) => g.op('Squeeze', [x])],
    ['Unsqueeze', [2, 3], (g, x) => g.unsqueeze(x, [0, -1])],
  ])('%s gives the gradient the shape of its input', async (_, dims, build) => {
    expect(await worstError([dims], (g, [x]) => build(g, square(g, x!)))).toBeLessThan(sharp)
  })
})

describe('Transpose', () => {
  it('is undone for any order of axes', async () => {
    const ordered = shape.chain((dims) =>
      fc.tuple(
        fc.constant(dims),
        fc.option(fc.shuffledSubarray([...dims.keys()], { minLength: dims.length }), { nil: undefined }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(ordered, async ([dims, perm]) => {
        expect(await worstError([dims], (g, [x]) => g.transpose(square(g, x!), perm))).toBeLessThan(sharp)
      }),
      runs,
    )
  })
})

describe('Concat', () => {
  it('gives each input its part, along any axis', async () => {
    const parts = shape.chain((dims) =>
      fc.record({
        dims: fc.constant(dims),
        axis: fc.integer({ min: -dims.length, max: dims.length - 1 }),
        sizes: fc.array(size, { minLength: 1, maxLength: 3 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(parts, async ({ dims, axis, sizes }) => {
        const shapes = sizes.map((size) => dims.with(axis, size))
        expect(
          await worstError(shapes, (g, xs) =>
            g.op(
              'Concat',
              xs.map((x) => square(g, x)),
              { axis },
            ),
          ),
        ).toBeLessThan(sharp)
      }),
      runs,
    )
  })
})

describe('Split', () => {
  it.each<[string, number, readonly number[] | undefined]>([
    ['given sizes', 1, [1, 4, 2]],
    ['given sizes from the end', -2, [3, 1, 3]],
    ['a number of outputs, the last one smaller', 1, undefined],
  ])('joins the gradients of %s', async (_, axis, sizes) => {
    const split = (g: GraphBuilder, x: Value) =>
      g.ops(
        'Split',
        [square(g, x), sizes && g.ints(sizes)],
        { axis, ...(!sizes && { num_outputs: 3 }) },
        { outputs: 3 },
      )
    expect(await worstError([[2, 7, 3]], (g, [x]) => split(g, x!))).toBeLessThan(sharp)
    expect(await worstError([[2, 7, 3]], (g, [x]) => split(g, x!)[1]!), 'one output in use').toBeLessThan(sharp)
  })
})

const sliceAlong = fc.record({
  start: fc.integer({ min: -8, max: 8 }),
  end: fc.integer({ min: -8, max: 8 }),
  step: fc.constantFrom(-3, -2, -1, 1, 2, 3),
})

describe('Slice', () => {
  it('puts the gradient back where it came from, for any start, end and step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(sliceAlong, sliceAlong), async (slices) => {
        const build = (g: GraphBuilder, [x]: readonly Value[]) =>
          g.slice(
            square(g, x!),
            slices.map(({ start }) => start),
            slices.map(({ end }) => end),
            [1, -1],
            slices.map(({ step }) => step),
          )
        expect(await worstError([[2, 5, 6]], build)).toBeLessThan(sharp)
      }),
      { ...runs, numRuns: 16 },
    )
  })

  it('puts the gradient back along an axis of symbolic size and for starts that only the run knows', async () => {
    await fc.assert(
      fc.asyncProperty(sliceAlong, async ({ start, end, step }) => {
        const build = (g: GraphBuilder, [x]: readonly Value[]) => {
          const one = g.cast(g.op('ReduceMin', [g.add(g.abs(g.mul(x!, 0)), 1)], { keepdims: 0 }), 'int64')
          const starts = g.mul(g.ints([start, 1]), one)
          return g.op('Slice', [square(g, x!), starts, g.ints([end, 3]), g.ints([0, 1]), g.ints([step, 1])])
        }
        expect(await worstError([[6, 4]], build)).toBeLessThan(sharp)
      }),
      runs,
    )
  })
})

describe('Expand and Tile', () => {
  it.each([
    [
      [1, 3],
      [2, 1, 4, 3],
    ],
    [
      [2, 1],
      [2, 5],
    ],
    [[3], [2, 3]],
  ])('sums over the stretched axes from %j to %j', async (from, to) => {
    expect(await worstError([from], (g, [x]) => g.expand(square(g, x!), to))).toBeLessThan(sharp)
  })

  it('sums over the copies, however many along each axis', async () => {
    const tiled = shape.chain((dims) => fc.tuple(fc.constant(dims), fc.tuple(...dims.map(() => size))))
    await fc.assert(
      fc.asyncProperty(tiled, async ([dims, repeats]) => {
        expect(await worstError([dims], (g, [x]) => g.op('Tile', [square(g, x!), g.ints(repeats)]))).toBeLessThan(sharp)
      }),
      runs,
    )
  })
})

describe('DepthToSpace and SpaceToDepth', () => {
  it.each(['DCR', 'CRD'])('are undone in %s order', async (mode) => {
    const build = (g: GraphBuilder, [x]: readonly Value[]) =>
      g.op('DepthToSpace', [square(g, x!)], { blocksize: 2, mode })
    expect(await worstError([[2, 12, 2, 3]], build)).toBeLessThan(sharp)
  })

  it('is undone to depth', async () => {
    const build = (g: GraphBuilder, [x]: readonly Value[]) => g.op('SpaceToDepth', [square(g, x!)], { blocksize: 3 })
    expect(await worstError([[2, 2, 3, 6]], build)).toBeLessThan(sharp)
  })
})

describe('ReverseSequence and Compress', () => {
  it('turns rows of their own lengths back', async () => {
    const build = (g: GraphBuilder, [x]: readonly Value[]) =>
      g.op('ReverseSequence', [square(g, x!), g.ints([1, 4, 2])], { batch_axis: 1, time_axis: 0 })
    expect(await gradientError({ inputs: [{ dims: [4, 3, 2] }], build })).toBeLessThan(sharp)
  })

  it.each([undefined, 0, 1, -1])('puts kept slices back along axis %s', async (axis) => {
    const build = (g: GraphBuilder, [x]: readonly Value[]) =>
      g.op('Compress', [square(g, x!), g.constant('bool', [3], [1, 0, 1])], { axis })
    expect(await worstError([[3, 4, 3]], build)).toBeLessThan(sharp)
  })
})
