import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { float } from '../../attributes.ts'
import type { GraphBuilder, OpAttributes, Value } from '../../builder.ts'
import { gradientAt } from '../gradient-at.ts'
import { gradientExcess } from '../gradient-excess.ts'
import { valuesAwayFrom } from '../random-inputs.ts'

/** [N, C, …] with a few spatial axes. */
const images = fc
  .tuple(
    fc.integer({ min: 2, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.array(fc.integer({ min: 2, max: 3 }), { maxLength: 2 }),
  )
  .map(([n, c, spatial]) => [n, 2 * c, ...spatial])

const input = (dims: readonly number[], seed: number) => ({ dims, values: valuesAwayFrom([], dims, seed) })

type Build = (g: GraphBuilder, xs: readonly Value[]) => Value

/** Weighted, since the plain sum of a standardised value has no gradient. */
const weighted =
  (build: Build): Build =>
  (g, xs) => {
    const y = build(g, xs)
    return g.mul(y, g.op('Sin', [g.add(g.mul(y, 2), g.mul(xs[0]!, 3))]))
  }

describe('BatchNormalization', () => {
  it('at inference agrees with central differences for all inputs', async () => {
    await fc.assert(
      fc.asyncProperty(images, fc.integer(), async (dims, seed) => {
        const channel = [dims[1]!]
        const variance = { dims: channel, values: valuesAwayFrom([], channel, seed).map((v) => 0.5 + v * v) }
        const inputs = [{ dims }, { dims: channel }, { dims: channel }, { dims: channel }, variance]
        const build = (g: GraphBuilder, xs: readonly Value[]) =>
          g.op('BatchNormalization', xs, { epsilon: float(1e-3) })
        expect(await gradientExcess({ inputs, build, seed })).toBeLessThan(1)
      }),
      { numRuns: 6, seed: 14 },
    )
  })
})

describe('BatchNormalization in training', () => {
  it('agrees with central differences through the statistics of the batch', async () => {
    for (const dims of [
      [4, 2],
      [3, 2, 2, 3],
    ]) {
      const channel = { dims: [2] }
      const build = (g: GraphBuilder, xs: readonly Value[]) => {
        const running = [g.constant(xs[0]!.dtype, [2], [0, 0]), g.constant(xs[0]!.dtype, [2], [1, 1])]
        const attributes = { training_mode: 1, epsilon: float(0.01) }
        return g.ops('BatchNormalization', [...xs, ...running], attributes, { outputs: 3 })[0]!
      }
      expect(await gradientExcess({ inputs: [{ dims }, channel, channel], build })).toBeLessThan(1)
    }
  })
})

describe('a value of unknown rank', () => {
  /** [2, 3, 4] as the run finds it: what inference can't foresee. */
  const opaque = (g: GraphBuilder, x: Value): Value =>
    g.reshape(x, g.reshape(g.op('NonZero', [g.constant('int64', [5], [0, 0, 1, 1, 1])]), [-1]))
  const channel = { dims: [3] }

  it('is normalised by channel all the same', async () => {
    const variance = { dims: [3], values: [1, 2, 0.5] }
    for (const [op, inputs] of [
      ['BatchNormalization', [{ dims: [24] }, channel, channel, channel, variance]],
      ['InstanceNormalization', [{ dims: [24] }, channel, channel]],
    ] as const) {
      const build = (g: GraphBuilder, [x, ...rest]: readonly Value[]) => {
        const image = g.op('Sin', [opaque(g, x!)])
        expect(image.dims).toBeUndefined()
        return g.op(op, [image, ...rest], { epsilon: float(0.01) })
      }
      expect(await gradientExcess({ inputs, build })).toBeLessThan(1)
    }
  })
})

describe('InstanceNormalization', () => {
  it.each([[[2, 3, 4]], [[2, 3, 3, 3]]])('agrees with central differences for %j', async (dims) => {
    const inputs = [{ dims }, { dims: [3] }, { dims: [3] }]
    const build = (g: GraphBuilder, xs: readonly Value[]) => g.op('InstanceNormalization', xs, { epsilon: float(0.01) })
    expect(await gradientExcess({ inputs, build })).toBeLessThan(1)
  })
})

describe('LayerNormalization', () => {
  it.each([
    [[3, 5], -1, [5], true],
    [[2, 3, 4], 1, [3, 4], true],
    [[2, 3, 4], -2, [4], false],
    [[2, 3, 4], 2, [1], true],
    [[2, 3, 4], 0, [2, 3, 4], true],
  ])('agrees with central differences for X %j, axis %d, scale %j, bias %s', async (dims, axis, scale, bias) => {
    const inputs = [{ dims }, { dims: scale }, ...(bias ? [{ dims: scale }] : [])]
    const build = (g: GraphBuilder, xs: readonly Value[]) =>
      g.op('LayerNormalization', xs, { axis, epsilon: float(0.01) })
    expect(await gradientExcess({ inputs, build })).toBeLessThan(1)
  })

  it('computes in float32 for half-precision values', async () => {
    const inputs = [input([2, 16], 1), input([16], 2), input([16], 3)]
    const half: Build = (g, xs) =>
      g.cast(
        g.op(
          'LayerNormalization',
          xs.map((x) => g.cast(x, 'float16')),
        ),
        'float32',
      )
    const [actual, expected] = [
      await gradientAt({ inputs, build: weighted(half) }),
      await gradientAt({ inputs, build: weighted((g, xs) => g.op('LayerNormalization', xs)) }),
    ]
    const differences = actual.gradients.flat().map((slope, i) => Math.abs(slope - expected.gradients.flat()[i]!))
    expect(Math.max(...differences)).toBeLessThan(0.02 * Math.max(...expected.gradients.flat().map(Math.abs)))
  })

  it('refuses gradients of its statistics', async () => {
    const build = (g: GraphBuilder, xs: readonly Value[]) => g.ops('LayerNormalization', xs, {}, { outputs: 3 })[1]!
    const inputs = [input([2, 4], 1), input([4], 2)]
    await expect(gradientAt({ inputs, build })).rejects.toMatchObject({ code: 'GRAPH_OP_UNSUPPORTED' })
  })
})

describe('GroupNormalization', () => {
  it.each([
    [[2, 6, 3], 3],
    [[2, 4, 2, 3], 2],
    [[2, 4, 2], 1],
  ])('agrees with central differences for %j in %d groups', async (dims, num_groups) => {
    const channel = [dims[1]!]
    const inputs = [{ dims }, { dims: channel }, { dims: channel }]
    const build = (g: GraphBuilder, xs: readonly Value[]) =>
      g.op('GroupNormalization', xs, { num_groups, epsilon: float(0.01) })
    // Its statistics are in float32 (stash_type 1) even for float64.
    expect(await gradientExcess({ inputs, build, dtype: 'float32' })).toBeLessThan(1)
  })
})

describe('MeanVarianceNormalization', () => {
  it.each([undefined, [0, 1, 2, 3], [2, 3]])('agrees with central differences for axes %j', async (axes) => {
    const build = (g: GraphBuilder, xs: readonly Value[]) => g.op('MeanVarianceNormalization', xs, { axes })
    expect(await gradientExcess({ inputs: [{ dims: [2, 3, 3, 2] }], build })).toBeLessThan(1)
  })
})

describe('LpNormalization', () => {
  it.each([
    [1, -1],
    [1, 0],
    [2, -1],
    [2, 1],
  ])('agrees with central differences for p = %d and axis %d', async (p, axis) => {
    const dims = [2, 3, 4]
    const inputs = [{ dims, values: valuesAwayFrom([0], dims, 3) }]
    expect(await gradientExcess({ inputs, build: (g, xs) => g.op('LpNormalization', xs, { p, axis }) })).toBeLessThan(1)
  })

  it.each([1, 2])('has gradient 0 where the norm (p = %d) is 0', async (p) => {
    const { gradients } = await gradientAt({
      inputs: [{ dims: [2, 2], values: [0, 0, 0, 3] }],
      build: (g, [x]) => g.op('LpNormalization', [g.add(x!, g.constant('float32', [2, 2], [0, 0, 0, 0]))], { p }),
    })
    expect(gradients[0]!.slice(0, 2)).toEqual([0, 0])
    expect(gradients[0]!.every(Number.isFinite)).toBe(true)
  })
})

describe('LRN', () => {
  it.each([1, 3, 5])('agrees with central differences over %d channels', async (size) => {
    const attributes = { size, alpha: float(0.9), beta: float(0.6), bias: float(1.5) }
    const build = (g: GraphBuilder, xs: readonly Value[]) => g.op('LRN', xs, attributes)
    expect(await gradientExcess({ inputs: [{ dims: [2, 5, 2, 3] }], build })).toBeLessThan(1)
  })
})

const standardised = (g: GraphBuilder, x: Value, axes: readonly number[], epsilon: number): Value => {
  const centred = g.sub(x, g.reduceMean(x, axes, true))
  return g.div(centred, g.sqrt(g.add(g.reduceMean(g.square(centred), axes, true), epsilon)))
}

describe('operators outside the base set', () => {
  const opsets = { '': 23, 'com.microsoft': 1 }
  const microsoft = { domain: 'com.microsoft' }
  const skipLayer = (g: GraphBuilder, xs: readonly Value[], attributes: OpAttributes = {}) =>
    g.ops('SkipLayerNormalization', xs, { epsilon: float(0.01), ...attributes }, { ...microsoft, outputs: 4 })
  const skip = [input([2, 3, 4], 1), input([2, 3, 4], 2), input([4], 3), input([4], 4), input([4], 5)]
  const skipDefinition = (g: GraphBuilder, [x, s, gamma, beta, bias]: readonly Value[]) => {
    const sum = bias ? g.add(g.add(x!, s!), bias) : g.add(x!, s!)
    return { sum, y: g.add(g.mul(standardised(g, sum, [-1], 0.01), gamma!), beta!) }
  }
  const rms = (g: GraphBuilder, x: Value, axes: readonly number[]): Value =>
    g.div(x, g.sqrt(g.add(g.reduceMean(g.square(x), axes, true), 0.01)))

  it.each<[string, readonly ReturnType<typeof input>[], Build, Build]>([
    [
      'RMSNormalization',
      [input([2, 3, 4], 1), input([4], 2)],
      (g, xs) => g.op('RMSNormalization', xs, { epsilon: float(0.01) }),
      (g, [x, scale]) => g.mul(rms(g, x!, [-1]), scale!),
    ],
    [
      'RMSNormalization over two axes',
      [input([2, 3, 4], 1), input([3, 4], 2)],
      (g, xs) => g.op('RMSNormalization', xs, { axis: 1, epsilon: float(0.01) }),
      (g, [x, scale]) => g.mul(rms(g, x!, [1, 2]), scale!),
    ],
    ['SkipLayerNormalization', skip.slice(0, 4), (g, xs) => skipLayer(g, xs)[0]!, (g, xs) => skipDefinition(g, xs).y],
    ['SkipLayerNormalization with bias', skip, (g, xs) => skipLayer(g, xs)[0]!, (g, xs) => skipDefinition(g, xs).y],
    [
      'SkipLayerNormalization and its sum',
      skip,
      (g, xs) => {
        const [y, , , sum] = skipLayer(g, xs)
        return g.add(y!, g.mul(sum!, 2))
      },
      (g, xs) => {
        const { y, sum } = skipDefinition(g, xs)
        return g.add(y, g.mul(sum, 2))
      },
    ],
  ])('%s has the gradients of its definition', async (_, inputs, build, definition) => {
    const actual = await gradientAt({ inputs, build: weighted(build), opsets })
    const expected = await gradientAt({ inputs, build: weighted(definition), opsets })
    const flat = ({ value, gradients }: typeof actual) => [...value, ...gradients.flat()]
    const differences = flat(actual).map((a, i) => Math.abs(a - flat(expected)[i]!))
    expect(Math.max(...differences)).toBeLessThan(1e-4)
  })
})
