import { describe, expect, it } from 'vitest'
import { type Draw, wrongShapes } from './random-cases.ts'

const pooling = (draw: Draw, op: string) => {
  const spatial = draw.between(1, 3)
  const kernel = draw.list(spatial, 2, 4)
  const autoPad = draw.pick(['NOTSET', 'NOTSET', 'NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'])
  const isOpen = autoPad === 'NOTSET'
  return {
    input: draw.hidden([draw.between(1, 2), draw.between(1, 3), ...draw.list(spatial, 8, 13)]),
    attributes: {
      kernel_shape: kernel,
      strides: draw.list(spatial, 1, 4),
      pads: isOpen ? [...kernel, ...kernel].map((k) => draw.between(0, k - 1)) : undefined,
      auto_pad: autoPad,
      ceil_mode: isOpen && draw.chance(0.6) ? 1 : undefined,
      dilations: isOpen && op !== 'LpPool' ? draw.list(spatial, 1, 2) : undefined,
    },
  }
}

describe('poolings', () => {
  it.each(['AveragePool', 'LpPool', 'MaxPool'])('%s has the shape that ONNX Runtime computes', async (op) => {
    expect(
      await wrongShapes(
        op,
        (draw) => {
          const { input, attributes } = pooling(draw, op)
          return {
            inputs: [{ dims: input }],
            build: (g, x) => g.ops(op, x, attributes, { outputs: op === 'MaxPool' ? 2 : 1 }),
          }
        },
        { count: 42 },
      ),
    ).toEqual([])
  })

  it.each(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'])('%s leaves 1 an axis', async (op) => {
    expect(
      await wrongShapes(op, (draw) => ({
        inputs: [{ dims: draw.hidden([2, 3, ...draw.list(draw.between(1, 3), 2, 5)]) }],
        build: (g, x) => g.op(op, x),
      })),
    ).toEqual([])
  })

  it('MaxUnpool undoes the window, or gives the size asked for', async () => {
    expect(
      await wrongShapes('MaxUnpool', (draw) => ({
        inputs: [{ dims: draw.hidden([2, 3, 8, 6], (axis) => axis < 2) }],
        build: (g, [x]) => {
          const attributes = { kernel_shape: [2, 2], strides: [2, 2] }
          const [y, indices] = g.ops('MaxPool', [x], attributes, { outputs: 2 })
          return [
            g.op('MaxUnpool', [y, indices], attributes),
            g.op('MaxUnpool', [y, indices, g.ints([2, 3, 9, 7])], attributes),
          ]
        },
      })),
    ).toEqual([])
  })

  it('of regions have one row a region', async () => {
    expect(
      await wrongShapes('RoiAlign', (draw) => {
        const count = draw.between(1, 4)
        return {
          inputs: [
            { dims: draw.hidden([1, 2, 6, 6]) },
            { dims: draw.hidden([count, 4], (axis) => axis === 0), values: new Array(count).fill([0, 1, 4, 5]).flat() },
          ],
          build: (g, [x, rois]) => [
            g.op('RoiAlign', [x, rois, g.constant('int64', [count], new Array(count).fill(0))], {
              output_height: 3,
              output_width: 2,
            }),
          ],
        }
      }),
    ).toEqual([])
  })
})
