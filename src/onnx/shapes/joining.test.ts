import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

const far = [2 ** 31 - 1, Number.MAX_SAFE_INTEGER]

describe('joining and cutting', () => {
  it('Concat adds along its axis', async () => {
    expect(
      await wrongShapes('Concat', (draw) => {
        const rank = draw.between(1, 3)
        const axis = draw.between(-rank, rank - 1)
        const at = (axis + rank) % rank
        const dims = draw.list(rank, 1, 4)
        const other = dims.map((dim, i) => (i === at ? draw.between(1, 4) : dim))
        return {
          inputs: [{ dims: draw.hidden(dims) }, { dims: draw.hidden(other) }],
          build: (g, x) => [g.op('Concat', x, { axis }), g.op('Concat', [x[0], x[0]], { axis })],
        }
      }),
    ).toEqual([])
  })

  it('Split into equal parts, or by sizes', async () => {
    expect(
      await wrongShapes('Split', (draw) => {
        const size = draw.between(4, 9)
        const first = draw.between(0, size)
        const parts = draw.between(2, 3)
        return {
          inputs: [{ dims: draw.hidden([2, size]) }],
          build: (g, [x]) => [
            ...g.ops('Split', [x], { axis: 1, num_outputs: parts }, { outputs: parts }),
            ...g.ops('Split', [x, g.ints([first, size - first])], { axis: -1 }, { outputs: 2 }),
          ],
        }
      }),
    ).toEqual([])
  })

  it('Slice clamps its bounds', async () => {
    expect(
      await wrongShapes(
        'Slice',
        (draw) => {
          const rank = draw.between(1, 3)
          const axes = draw.shuffled(rank).slice(0, draw.between(1, rank))
          const bound = () => (draw.chance(0.2) ? draw.pick(far) : draw.between(-8, 8))
          return {
            inputs: [{ dims: draw.hidden(draw.list(rank, 1, 6)) }],
            build: (g, [x]) =>
              g.op('Slice', [
                x,
                g.ints(axes.map(bound)),
                g.ints(axes.map(() => (draw.chance(0.2) ? -draw.pick(far) : bound()))),
                g.ints(axes.map((axis) => (draw.chance(0.5) ? axis : axis - rank))),
                draw.chance(0.6) ? g.ints(axes.map(() => draw.pick([1, 2, 3, -1, -2]))) : undefined,
              ]),
          }
        },
        { count: 60 },
      ),
    ).toEqual([])
  })

  it('Slice keeps the name of an axis that it keeps whole', async () => {
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: ['batch=3', 'seq=5'] }],
      build: (g, [x]) => [
        ...far.map((end) => g.slice(x!, [0], [end], [1])),
        g.slice(x!, [-1], [-Number.MAX_SAFE_INTEGER], [1], [-1]),
        g.op('Slice', [x, g.ints([0]), g.op('Shape', [x], { start: 1 }), g.ints([1])]),
        g.slice(x!, [-1], [far[0]!], [1]),
      ],
    })
    expect([wrong, open]).toEqual([[], []])
  })
})
