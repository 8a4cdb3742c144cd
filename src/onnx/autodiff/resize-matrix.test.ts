import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { float } from '../attributes.ts'
import { graphBuilder } from '../builder.ts'
import { createSession, modelOf } from '../session.ts'
import { roundings, transformations } from './resize-coordinates.ts'
import { type Interpolation, resizeMatrix } from './resize-matrix.ts'

/** Every row of the identity, resized by the runtime: the columns of the operator's matrix. */
const measuredMatrix = async (
  input: number,
  by: { readonly scale?: number; readonly output?: number; readonly roi: readonly [number, number] },
  how: Interpolation,
): Promise<number[][]> => {
  const g = graphBuilder()
  const X = g.input('x', 'float32', [input, 1, 1, input])
  const roi = g.constant('float32', [8], [0, 0, 0, by.roi[0], 1, 1, 1, by.roi[1]])
  const scales = by.scale === undefined ? undefined : g.constant('float32', [4], [1, 1, 1, by.scale])
  const sizes = by.output === undefined ? undefined : g.ints([input, 1, 1, by.output])
  const Y = g.op('Resize', [X, roi, scales, sizes], {
    mode: how.mode,
    coordinate_transformation_mode: how.coordinates,
    nearest_mode: how.nearestMode,
    cubic_coeff_a: float(how.cubicCoefficient),
    exclude_outside: Number(how.excludeOutside),
    antialias: Number(how.antialias),
  })
  g.output('y', Y)
  const session = await createSession(modelOf(g.build()))
  const identity = Float32Array.from({ length: input * input }, (_, i) => Number(i % (input + 1) === 0))
  const { y } = await session.run({ x: { dtype: 'float32', dims: [input, 1, 1, input], data: identity } })
  await session.release()
  const output = y!.dims[3]!
  const values = y!.data as Float32Array
  return Array.from({ length: output }, (_, o) => Array.from({ length: input }, (_, i) => values[i * output + o]!))
}

/** Works, but the runtime warns of it on every use. */
const deprecated = 'tf_half_pixel_for_nn'

/** Antialiasing beyond the image fails in the runtime. */
const crops = (how: Interpolation) => how.coordinates === 'tf_crop_and_resize'

const interpolation: fc.Arbitrary<Interpolation> = fc
  .record({
    mode: fc.constantFrom('nearest', 'linear', 'cubic'),
    coordinates: fc.constantFrom(...Object.keys(transformations).filter((name) => name !== deprecated)),
    nearestMode: fc.constantFrom(...Object.keys(roundings)),
    cubicCoefficient: fc.constantFrom(-0.75, -0.5),
    excludeOutside: fc.boolean(),
    antialias: fc.boolean(),
  })
  .map((how) => ({ ...how, antialias: how.antialias && how.mode !== 'nearest' && !crops(how) }))
  .map((how) => ({
    ...how,
    excludeOutside: how.excludeOutside && (how.mode === 'cubic' || how.antialias),
  }))

const roi = fc.constantFrom([0, 1], [0.25, 0.75], [-0.25, 1.25]) as fc.Arbitrary<readonly [number, number]>

const worst = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number =>
  a.length === b.length ? Math.max(...a.flatMap((row, o) => row.map((x, i) => Math.abs(x - b[o]![i]!)))) : Infinity

describe('resizeMatrix', () => {
  it('is what the runtime does, for sizes', async () => {
    const cases = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }), roi, interpolation)
    await fc.assert(
      fc.asyncProperty(cases, async ([input, output, roi, how]) => {
        fc.pre(input !== output)
        const scale = Math.fround(output / input)
        const matrix = resizeMatrix({ input, output, scale, roi }, how)!
        expect(worst(matrix, await measuredMatrix(input, { output, roi }, how))).toBeLessThan(2e-5)
      }),
      { numRuns: 100, seed: 9 },
    )
  })

  it('is what the runtime does, for scales that leave a fraction', async () => {
    const cases = fc.tuple(
      fc.integer({ min: 2, max: 9 }),
      fc.constantFrom(0.3, 0.5, 0.7, 1.5, 1.9, 2, 3.3),
      roi,
      interpolation,
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([input, factor, roi, how]) => {
        const scale = Math.fround(factor)
        const output = Math.floor(Math.fround(input * scale))
        fc.pre(output > 0 && input !== output)
        const matrix = resizeMatrix({ input, output, scale, roi }, how)!
        expect(worst(matrix, await measuredMatrix(input, { scale, roi }, how))).toBeLessThan(2e-5)
      }),
      { numRuns: 100, seed: 10 },
    )
  })
})
