import { describe, expect, it } from 'vitest'
import { wrongShapes } from './random-cases.ts'

const gates = { LSTM: 4, GRU: 3, RNN: 1 } as const

describe.each(Object.keys(gates) as (keyof typeof gates)[])('%s', (op) => {
  it('gives all steps and the last states', async () => {
    expect(
      await wrongShapes(op, (draw) => {
        const direction = draw.pick(['forward', 'reverse', 'bidirectional'])
        const [directions, hidden, rows] = [direction === 'bidirectional' ? 2 : 1, draw.between(1, 4), gates[op]]
        return {
          inputs: [
            { dims: draw.hidden([draw.between(1, 4), draw.between(1, 4), 3], (axis) => axis < 2) },
            { dims: [directions, rows * hidden, 3] },
            { dims: [directions, rows * hidden, hidden] },
          ],
          build: (g, x) => g.ops(op, x, { hidden_size: hidden, direction }, { outputs: op === 'LSTM' ? 3 : 2 }),
        }
      }),
    ).toEqual([])
  })
})
