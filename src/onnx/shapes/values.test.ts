import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../builder.ts'
import { type Draw, wrongShapes } from './random-cases.ts'
import { checkShapes } from './runtime-check.ts'

/** A node on top of integer vectors of one length, which shape computations are made of. */
const step = (g: GraphBuilder, draw: Draw, values: readonly Value[], length: number): Value => {
  const [a, b] = [draw.pick(values), draw.pick(values)]
  const some = () => g.ints(draw.list(length, 1, 3))
  switch (draw.between(0, 11)) {
    case 0:
      return g.mul(a, draw.chance(0.5) ? b : some())
    case 1:
      return g.div(a, draw.chance(0.5) ? values[0]! : some())
    case 2:
      return g.add(a, draw.chance(0.5) ? b : 0)
    case 3:
      return g.op('Gather', [a, g.ints(draw.list(length, -length, length - 1))])
    case 4:
      return g.slice(a, [0], [length], [0])
    case 5:
      return g.slice(a, [-1], [-9], [0], [-1])
    case 6:
      return g.concat([g.slice(a, [0], [1], [0]), g.slice(b, [1], [length], [0])], 0)
    case 7:
      return g.cast(g.cast(a, 'int32'), 'int64')
    case 8:
      return g.reshape(g.squeeze(g.unsqueeze(a, [0]), [0]), [-1])
    case 9:
      return g.where(g.equal(some(), 2), a, b)
    case 10:
      return g.op('Max', [a, b])
    default:
      return g.where(g.equal(a, -1), b, a)
  }
}

describe('elements of shape computations', () => {
  it('are what ONNX Runtime computes', async () => {
    expect(
      await wrongShapes(
        'elements',
        (draw) => ({
          inputs: [{ dims: draw.hidden(draw.list(3, 1, 4)) }],
          build: (g, [x]) => {
            const values = [g.op('Shape', [x]), g.ints(draw.list(3, 1, 4))]
            for (let i = 0; i < 8; i++) values.push(step(g, draw, values, 3))
            return values
          },
        }),
        { count: 42 },
      ),
    ).toEqual([])
  })

  it('fold for constants of any rank', async () => {
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: [1] }],
      build: (g) => {
        const a = g.constant('float32', [2, 3], [1, -2, 3, 4, 5, 6.5])
        const b = g.constant('float32', [3], [0.1, 0.2, 0.3])
        const values = [
          ...[g.add(a, b), g.sub(a, b), g.mul(a, b), g.div(a, b), g.transpose(a), g.sqrt(g.abs(a)), g.neg(a)],
          ...[g.concat([a, a], 1), g.slice(a, [1], [3], [1]), g.gather(a, g.ints([1, -1, 0]), 1), g.less(a, b)],
          ...[g.cast(a, 'int64'), g.cast(a, 'bool'), g.expand(b, [2, 2, 3]), g.op('Tile', [a, g.ints([2, 1])])],
          ...g.ops('Split', [a], { axis: 1, num_outputs: 2 }, { outputs: 2 }),
          ...[g.zerosLike(a), g.onesLike(a), g.pow(a, 2), g.op('Mod', [g.ints([-7, 7]), g.ints([3, -3])])],
          ...[
            g.div(g.ints([-7, 7]), g.ints([2, 2])),
            g.reduceSum(g.ints([1, 2])),
            g.op('ReduceProd', [g.ints([2, 3])]),
          ],
        ]
        expect(values.filter((value) => !value.constant)).toEqual([])
        return values
      },
    })
    expect([wrong, open]).toEqual([[], []])
  })

  it('are dropped where a name would grow without end', async () => {
    const { wrong } = await checkShapes({
      inputs: [{ dims: ['batch=1'] }],
      build: (g, [x]) => {
        let size = g.op('Shape', [x])
        for (let i = 0; i < 60; i++) size = g.mul(size, size)
        return size
      },
    })
    expect(wrong).toEqual([])
  })

  it('expand by the idiom of exporters: -1 keeps a size', async () => {
    const { wrong, open } = await checkShapes({
      inputs: [{ dims: ['batch=3', 1] }],
      build: (g, [x]) => {
        const wanted = g.concat([g.op('Shape', [x], { end: 1 }), g.ints([5])], 0)
        const ones = g.op('ConstantOfShape', [g.op('Shape', [wanted])], {
          value: { dtype: 'int64', dims: [1], data: new BigInt64Array([1n]) },
        })
        return g.expand(x!, g.where(g.equal(wanted, g.mul(ones, -1)), ones, wanted))
      },
    })
    expect([wrong, open]).toEqual([[], []])
  })
})
