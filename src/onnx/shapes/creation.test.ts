import { describe, expect, it } from 'vitest'
import { dtypes } from '../types.ts'
import { wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

describe('shapes, sizes and what is made from them', () => {
  it('Shape and Size give elements', async () => {
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: ['batch=3', 4, 'seq=5'] }],
      build: (g, [x]) => [
        g.op('Shape', [x]),
        g.op('Shape', [x], { start: 1 }),
        g.op('Shape', [x], { start: -2, end: -1 }),
        g.op('Shape', [x], { start: 2, end: 9 }),
        g.op('Size', [x]),
        g.op('ConstantOfShape', [g.op('Shape', [x])]),
        g.op('Range', [g.constant('int64', [], [0]), g.op('Size', [x]), g.constant('int64', [], [1])]),
      ],
    })
    expect([wrong, open]).toEqual([[], []])
  })

  it('Range counts the steps', async () => {
    expect(
      await wrongShapes(
        'Range',
        (draw) => ({
          inputs: [{ dims: [1] }],
          build: (g) =>
            (['int64', 'float32'] as const).map((dtype) => {
              const part = dtype === 'int64' ? 1 : 0.25
              const [from, to] = [draw.between(-6, 6) * part, draw.between(-6, 6) * part]
              const step = draw.pick([1, 2, 3, -1, -2]) * part
              return g.op(
                'Range',
                [from, to, step].map((x) => g.constant(dtype, [], [x])),
              )
            }),
        }),
        { count: 20 },
      ),
    ).toEqual([])
  })

  it('Cast and CastLike set the type', async () => {
    expect(
      await wrongShapes(
        'Cast',
        (draw) => ({
          inputs: [{ dims: draw.hidden([2, 3]) }],
          build: (g, [x]) =>
            (['float64', 'int64', 'int32', 'bool', 'uint8', 'float16', 'int8'] as const).flatMap((to) => {
              const cast = g.op('Cast', [x], { to: dtypes.indexOf(to) })
              return [cast, g.op('CastLike', [x, cast])]
            }),
        }),
        { count: 2 },
      ),
    ).toEqual([])
  })

  it('random values and identity matrices', async () => {
    expect(
      await wrongShapes(
        'random',
        (draw) => ({
          inputs: [{ dims: draw.hidden([2, 3]) }],
          build: (g, [x]) => [
            g.op('RandomNormal', [], { shape: [2, 5], dtype: dtypes.indexOf('float64') }),
            g.op('RandomUniform', [], { shape: [4] }),
            g.op('RandomNormalLike', [x]),
            g.op('RandomUniformLike', [x], { dtype: dtypes.indexOf('float64') }),
            g.op('EyeLike', [x], { dtype: dtypes.indexOf('int64') }),
            g.op('Bernoulli', [g.sigmoid(x!)]),
            g.op('Multinomial', [x], { sample_size: 6 }),
          ],
        }),
        { count: 3 },
      ),
    ).toEqual([])
  })
})

describe('quantisation', () => {
  it('has the types of zero points and scales', async () => {
    expect(
      await wrongShapes(
        'quantisation',
        (draw) => ({
          inputs: [{ dims: draw.hidden([2, 3]) }],
          build: (g, [x]) => {
            const scale = g.constant('float32', [], [0.1])
            const codes = g.op('QuantizeLinear', [x, scale, g.constant('int8', [], [1])])
            return [
              g.op('QuantizeLinear', [x, scale]),
              codes,
              g.op('DequantizeLinear', [codes, scale, g.constant('int8', [], [1])]),
              ...g.ops('DynamicQuantizeLinear', [x], {}, { outputs: 3 }),
            ]
          },
        }),
        { count: 3 },
      ),
    ).toEqual([])
  })
})
