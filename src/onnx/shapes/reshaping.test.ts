import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

describe('shape movement', () => {
  it('Reshape keeps with 0, infers with -1', async () => {
    expect(
      await wrongShapes(
        'Reshape',
        (draw) => {
          const [a, b, c] = [draw.between(1, 4), draw.between(1, 4), draw.between(1, 4)]
          const shape = draw.pick([[-1], [0, -1], [a * b, c], [0, 0, c, 1], [-1, 1, c], [c, -1, 1], [0, b * c]])
          return {
            inputs: [{ dims: draw.hidden([a, b, c]) }],
            build: (g, [x]) => g.op('Reshape', [x, g.ints(shape)]),
          }
        },
        { count: 30 },
      ),
    ).toEqual([])
  })

  it('Reshape with allowzero means 0', async () => {
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: [0, 4] }],
      build: (g, [x]) => g.op('Reshape', [x, g.ints([3, 0])], { allowzero: 1 }),
    })
    expect([wrong, open]).toEqual([[], []])
  })

  it('Reshape by the shape of another value finds what -1 stands for', async () => {
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: ['batch=3', 8, 'width=5'] }],
      build: (g, [x]) => {
        const batch = g.op('Gather', [g.op('Shape', [x]), g.constant('int64', [], [0])])
        const row = g.unsqueeze(batch, [0])
        const flat = g.reshape(x!, g.concat([row, g.ints([-1])], 0))
        const rows = g.reshape(x!, [-1, 8])
        return [flat, g.reshape(flat, g.concat([row, g.ints([8, -1])], 0)), rows, g.reshape(rows, g.op('Shape', [x]))]
      },
    })
    expect([wrong, open]).toEqual([[], []])
  })

  it.each([
    ['Reshape', [2, 3], [4, 2]],
    ['Reshape', [2, 3], [4, -1]],
    ['Reshape', [2, 3], [-1, -1]],
    ['Squeeze', [2, 3], [0]],
    ['Unsqueeze', [2, 3], [4]],
  ])('%s refuses [%s] by [%s]', async (op, dims, by) => {
    const check = checkShapes({ inputs: [{ dims }], build: (g, [x]) => g.op(op, [x, g.ints(by)]) })
    await expect(check).rejects.toMatchObject({ code: 'GRAPH_INVALID' })
  })

  it('Flatten, Transpose, Squeeze, Unsqueeze, Expand', async () => {
    expect(
      await wrongShapes(
        'axes',
        (draw) => {
          const rank = draw.between(1, 4)
          const dims = draw.list(rank, 1, 4)
          const at = draw.between(0, rank - 1)
          return {
            inputs: [{ dims: draw.hidden(dims) }],
            build: (g, [x]) => [
              g.op('Flatten', [x], { axis: draw.between(-rank, rank) }),
              g.op('Transpose', [x], { perm: draw.chance(0.7) ? draw.shuffled(rank) : undefined }),
              g.op('Unsqueeze', [x, g.ints([at, -1])]),
              g.op('Squeeze', [g.op('Unsqueeze', [x, g.ints([at])]), g.ints([at])]),
              g.op('Squeeze', [x]),
              g.op('Expand', [x, g.ints([draw.between(1, 3), ...dims.map((dim) => draw.pick([1, dim]))])]),
            ],
          }
        },
        { count: 30 },
      ),
    ).toEqual([])
  })
})
