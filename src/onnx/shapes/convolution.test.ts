import { describe, expect, it } from 'vitest'
import { type Draw, wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

/** Attributes of a window that fits any axis of 9 or more. */
const window = (draw: Draw, spatial: number, kernel: readonly number[]) => {
  const autoPad = draw.pick(['NOTSET', 'NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'])
  return {
    kernel_shape: draw.chance(0.5) ? kernel : undefined,
    strides: draw.chance(0.7) ? draw.list(spatial, 1, 3) : undefined,
    // ONNX Runtime refuses dilations together with SAME.
    dilations: autoPad.startsWith('SAME') ? undefined : draw.list(spatial, 1, 2),
    pads: autoPad === 'NOTSET' ? draw.list(2 * spatial, 0, 2) : undefined,
    auto_pad: autoPad,
  }
}

describe('convolutions', () => {
  it('have the shape that ONNX Runtime computes', async () => {
    expect(
      await wrongShapes(
        'Conv',
        (draw) => {
          const spatial = draw.between(1, 3)
          const group = draw.between(1, 2)
          const [inner, outer] = [draw.between(1, 2), draw.between(1, 2) * group]
          const kernel = draw.list(spatial, 1, 4)
          return {
            inputs: [
              { dims: draw.hidden([draw.between(1, 3), inner * group, ...draw.list(spatial, 9, 12)], (a) => a !== 1) },
              { dims: [outer, inner, ...kernel] },
            ],
            build: (g, x) => g.op('Conv', x, { group, ...window(draw, spatial, kernel) }),
          }
        },
        { count: 30 },
      ),
    ).toEqual([])
  })

  it('transposed have the shape that ONNX Runtime computes', async () => {
    expect(
      await wrongShapes(
        'ConvTranspose',
        (draw) => {
          const spatial = draw.between(1, 2)
          const group = draw.between(1, 2)
          const [inner, outer] = [draw.between(1, 2) * group, draw.between(1, 2)]
          const kernel = draw.list(spatial, 2, 4)
          const strides = draw.list(spatial, 1, 3)
          const input = draw.list(spatial, 5, 7)
          const form = draw.pick(['padding', 'output padding', 'output shape', 'SAME_UPPER', 'SAME_LOWER', 'VALID'])
          return {
            inputs: [
              { dims: draw.hidden([draw.between(1, 3), inner, ...input], (axis) => axis !== 1) },
              { dims: [inner, outer, ...kernel] },
            ],
            build: (g, x) =>
              g.op('ConvTranspose', x, {
                group,
                strides,
                dilations: form === 'padding' ? draw.list(spatial, 1, 2) : undefined,
                pads: form.endsWith('padding') ? draw.list(2 * spatial, 0, 1) : undefined,
                output_padding: form === 'output padding' ? strides.map((s) => draw.between(0, s - 1)) : undefined,
                output_shape:
                  form === 'output shape' ? input.map((size, i) => size * strides[i]! + draw.between(0, 1)) : undefined,
                auto_pad: /VALID|SAME/.test(form) ? form : undefined,
              }),
          }
        },
        { count: 30 },
      ),
    ).toEqual([])
  })

  it('of integers give int32, quantised ones the type of their zero point', async () => {
    expect(
      await wrongShapes('ConvInteger', (draw) => ({
        inputs: [{ dims: draw.hidden([2, 3, 9, 9]), dtype: 'uint8' }],
        build: (g, [x]) => {
          const w = g.constant('uint8', [4, 3, 2, 3], new Array(72).fill(1))
          const [scale, zero] = [g.constant('float32', [], [0.5]), g.constant('uint8', [], [3])]
          const attributes = window(draw, 2, [2, 3])
          return [
            g.op('ConvInteger', [x, w, zero], attributes),
            g.op('QLinearConv', [x, scale, zero, w, scale, zero, scale, zero], attributes),
          ]
        },
      })),
    ).toEqual([])
  })

  it('keep a named size where the window does', async () => {
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: ['batch=2', 3, 'height=7', 'width=5'] }],
      build: (g, [x]) => [
        g.op('Conv', [x, g.constant('float32', [4, 3, 3, 3], new Array(108).fill(1))], { pads: [1, 1, 1, 1] }),
        g.op('ConvTranspose', [x, g.constant('float32', [3, 2, 2, 2], new Array(24).fill(1))], { strides: [2, 2] }),
      ],
    })
    expect([wrong, open]).toEqual([[], []])
  })

  it('Col2Im gives the picture', async () => {
    expect(
      await wrongShapes('Col2Im', (draw) => {
        const [height, width, channels] = [draw.between(3, 5), draw.between(3, 5), draw.between(1, 3)]
        return {
          inputs: [{ dims: draw.hidden([2, channels * 4, (height - 1) * (width - 1)], (axis) => axis === 0) }],
          build: (g, [x]) => g.op('Col2Im', [x, g.ints([height, width]), g.ints([2, 2])]),
        }
      }),
    ).toEqual([])
  })

  it('refuse channels that do not fit', async () => {
    const check = checkShapes({
      inputs: [{ dims: [1, 3, 5, 5] }, { dims: [2, 2, 3, 3] }],
      build: (g, x) => g.op('Conv', x),
    })
    await expect(check).rejects.toMatchObject({ code: 'GRAPH_INVALID' })
  })
})
