import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'

describe('signals', () => {
  it('DFT, whole and one-sided, and windows', async () => {
    expect(
      await wrongShapes('DFT', (draw) => ({
        inputs: [{ dims: draw.hidden([2, draw.between(3, 8), 1]) }],
        build: (g, [x]) => {
          const length = g.constant('int64', [], [draw.between(3, 8)])
          const whole = g.op('DFT', [x])
          return [
            whole,
            g.op('DFT', [x, length], { onesided: 1 }),
            g.op('DFT', [whole, undefined, g.constant('int64', [], [1])], { inverse: 1 }),
            g.op('HannWindow', [length]),
          ]
        },
      })),
    ).toEqual([])
  })
})

describe('attention', () => {
  it('by head, flat, and with a past', async () => {
    expect(
      await wrongShapes('Attention', (draw) => {
        const [batch, heads, steps, keys, size] = [2, 2, draw.between(1, 4), draw.between(1, 4), 3]
        const value = draw.between(2, 4)
        return {
          opsets: { '': 23 },
          inputs: [
            { dims: draw.hidden([batch, steps, heads * size], (axis) => axis < 2) },
            { dims: [batch, keys, heads * size] },
            { dims: [batch, keys, heads * value] },
            { dims: draw.hidden([batch, heads, steps, size], (axis) => axis === 2) },
            { dims: [batch, heads, keys, size] },
            { dims: [batch, heads, keys, value] },
          ],
          build: (g, [q, k, v, q4, k4, v4]) => [
            g.op('Attention', [q, k, v], { q_num_heads: heads, kv_num_heads: heads }),
            g.op('Attention', [q4, k4, v4]),
            ...g.ops('Attention', [q4, k4, v4, undefined, k4, v4], {}, { outputs: 3 }),
          ],
        }
      }),
    ).toEqual([])
  })
})
