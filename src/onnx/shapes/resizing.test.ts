import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'

describe('resizing', () => {
  it('Resize by scales', async () => {
    expect(
      await wrongShapes(
        'scales',
        (draw) => {
          const scales = [1, 1, draw.pick([0.6, 1.5, 2, 2.3]), draw.pick([0.3, 1, 3])]
          return {
            inputs: [{ dims: draw.hidden([2, 3, draw.between(4, 11), draw.between(4, 11)]) }],
            build: (g, [x]) => [
              g.op('Resize', [x, undefined, g.constant('float32', [4], scales)], { mode: 'nearest' }),
              g.op('Resize', [x, undefined, g.constant('float32', [2], scales.slice(2))], {
                mode: 'linear',
                axes: [2, 3],
              }),
            ],
          }
        },
        { count: 30 },
      ),
    ).toEqual([])
  })

  it('Resize to sizes, with the aspect ratio kept or not', async () => {
    expect(
      await wrongShapes('sizes', (draw) => ({
        inputs: [{ dims: draw.hidden([2, 3, draw.between(4, 11), draw.between(4, 11)], (axis) => axis < 2) }],
        build: (g, [x]) => [
          g.op('Resize', [x, undefined, undefined, g.ints(draw.list(2, 3, 12))], {
            axes: [2, 3],
            keep_aspect_ratio_policy: draw.pick(['stretch', 'not_larger', 'not_smaller']),
          }),
        ],
      })),
    ).toEqual([])
  })

  it('DepthToSpace and SpaceToDepth', async () => {
    expect(
      await wrongShapes('blocks', (draw) => {
        const block = draw.between(1, 3)
        const dims = [2, block * block * 2, block * 3, block * 2]
        return {
          inputs: [{ dims: draw.hidden(dims) }],
          build: (g, [x]) => [
            g.op('DepthToSpace', [x], { blocksize: block, mode: draw.pick(['DCR', 'CRD']) }),
            g.op('SpaceToDepth', [x], { blocksize: block }),
          ],
        }
      }),
    ).toEqual([])
  })

  it('Pad, Tile and CenterCropPad', async () => {
    expect(
      await wrongShapes('Pad', (draw) => {
        const dims = draw.list(3, 2, 5)
        return {
          inputs: [{ dims: draw.hidden(dims) }],
          build: (g, [x]) => [
            g.op('Pad', [x, g.ints(draw.list(6, -1, 3))], { mode: 'constant' }),
            g.op('Pad', [x, g.ints([1, 0, 1, 1]), undefined, g.ints([-1, 0])], {
              mode: draw.pick(['reflect', 'edge', 'wrap']),
            }),
            g.op('Tile', [x, g.ints(draw.list(3, 1, 3))]),
            g.op('CenterCropPad', [x, g.ints([3, 4])], { axes: [0, -1] }),
          ],
        }
      }),
    ).toEqual([])
  })

  it('GridSample takes the size of the grid', async () => {
    expect(
      await wrongShapes('GridSample', (draw) => ({
        inputs: [{ dims: draw.hidden([2, 3, 4, 5]) }, { dims: draw.hidden([2, 6, 7, 2], (axis) => axis < 3) }],
        build: (g, x) => [
          g.op('GridSample', x, { mode: 'linear' }),
          g.op('AffineGrid', [g.constant('float32', [2, 2, 3], new Array(12).fill(1)), g.ints([2, 3, 5, 4])]),
        ],
      })),
    ).toEqual([])
  })
})
