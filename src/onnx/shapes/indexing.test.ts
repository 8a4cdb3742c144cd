import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'

describe('indexing', () => {
  it('Gather, GatherElements and GatherND', async () => {
    expect(
      await wrongShapes('gathering', (draw) => {
        const rank = draw.between(2, 3)
        const axis = draw.between(-rank, rank - 1)
        const indices = draw.list(draw.between(0, 2), 1, 3)
        return {
          inputs: [
            { dims: draw.hidden(draw.list(rank, 1, 4)) },
            { dims: draw.hidden(indices), dtype: 'int64' },
            { dims: draw.hidden(new Array(rank).fill(1)), dtype: 'int64' },
          ],
          build: (g, [x, i, same]) => [
            g.op('Gather', [x, i], { axis }),
            g.op('GatherElements', [x, same], { axis }),
            g.op('GatherND', [x, g.constant('int64', [2, 3, 1], new Array(6).fill(0))]),
            g.op('GatherND', [x, g.constant('int64', [5, 2], new Array(10).fill(0))]),
          ],
        }
      }),
    ).toEqual([])
  })

  it('GatherND with batch axes', async () => {
    expect(
      await wrongShapes('GatherND', (draw) => ({
        inputs: [{ dims: draw.hidden([2, 3, 4]) }, { dims: draw.hidden([2, 5, 1], (a) => a === 1), dtype: 'int64' }],
        build: (g, x) => g.op('GatherND', x, { batch_dims: 1 }),
      })),
    ).toEqual([])
  })

  it('scattering keeps the shape of the data', async () => {
    expect(
      await wrongShapes('scattering', (draw) => ({
        inputs: [{ dims: draw.hidden([3, 4]) }],
        build: (g, [x]) => [
          g.op('ScatterElements', [x, g.constant('int64', [1, 2], [0, 1]), g.constant('float32', [1, 2], [1, 2])]),
          g.op('ScatterND', [x, g.constant('int64', [1, 2], [0, 1]), g.constant('float32', [1], [1])]),
        ],
      })),
    ).toEqual([])
  })

  it('TopK and OneHot put their size on the axis', async () => {
    expect(
      await wrongShapes('sizes', (draw) => {
        const axis = draw.between(-3, 2)
        return {
          inputs: [{ dims: draw.hidden([4, 3, 5]) }, { dims: draw.hidden([2, 3]), dtype: 'int64' }],
          build: (g, [x, labels]) => [
            ...g.ops('TopK', [x, g.ints([2])], { axis }, { outputs: 2 }),
            g.op('OneHot', [labels, g.ints([7]), g.constant('int64', [2], [0, 1])], { axis }),
            g.op('OneHot', [
              g.cast(labels!, 'float32'),
              g.constant('float32', [], [7]),
              g.constant('float32', [2], [0, 1]),
            ]),
          ],
        }
      }),
    ).toEqual([])
  })

  it('what depends on the data stays open', async () => {
    expect(
      await wrongShapes(
        'data',
        (draw) => ({
          inputs: [{ dims: draw.hidden([3, 4]) }],
          build: (g, [x]) => [
            g.op('NonZero', [x]),
            g.op('Compress', [x, g.constant('bool', [2], [0, 1])], { axis: draw.pick([0, 1, -1]) }),
            g.op('Compress', [x, g.constant('bool', [2], [0, 1])]),
            ...g.ops('Unique', [x], {}, { outputs: 4 }),
            g.ops('Unique', [x], { axis: 1 }, { outputs: 2 })[0]!,
            g.op('ReverseSequence', [x, g.ints([1, 1, 1])], { batch_axis: 0, time_axis: 1 }),
          ],
        }),
        { dataDependent: true },
      ),
    ).toEqual([])
  })

  it('NonMaxSuppression gives triples', async () => {
    expect(
      await wrongShapes(
        'NonMaxSuppression',
        () => ({
          inputs: [{ dims: [1, 5, 4] }, { dims: [1, 2, 5] }],
          build: (g, [boxes, scores]) => g.op('NonMaxSuppression', [boxes, scores, g.ints([3])]),
        }),
        { dataDependent: true },
      ),
    ).toEqual([])
  })
})
