import { describe, expect, it } from 'vitest'
import { gradientAt } from '../gradient-at.ts'
import { gradientError } from '../gradient-check.ts'
import { gradientExcess } from '../gradient-excess.ts'
import { valuesAwayFrom } from '../random-inputs.ts'

const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[2, 3, 4], [4]],
  [
    [3, 1],
    [1, 4],
  ],
  [[5], []],
]

describe.each(['add', 'sub', 'mul', 'div'] as const)('%s', (op) => {
  it.each(shapes)('agrees with central differences for shapes %j and %j', async (a, b) => {
    const divisor = valuesAwayFrom([0, 0.1, -0.1, 0.2, -0.2, 0.3, -0.3], b, 1)
    const inputs = [{ dims: a }, { dims: b, values: divisor }]
    expect(await gradientExcess({ inputs, build: (g, [x, y]) => g[op](x!, y!) })).toBeLessThan(1)
  })
})

describe.each(['Sum', 'Mean'])('%s', (op) => {
  it.each([{ shapes: [[2, 3]] }, { shapes: [[2, 3], [3]] }, { shapes: [[2, 3, 4], [4], [3, 1], []] }])(
    'agrees with central differences for $shapes',
    async ({ shapes }) => {
      const inputs = shapes.map((dims) => ({ dims }))
      expect(await gradientExcess({ inputs, build: (g, xs) => g.op(op, xs) })).toBeLessThan(1)
    },
  )
})

describe('Mod', () => {
  const dividends = [7.3, -7.3, 5.2, -4.4, 0.7, 9.9]
  it.each([
    [[6], [2, -2, 3, 3, 2, -4]],
    [[1], [2.3]],
    [[], [-1.9]],
  ])('agrees with central differences for a divisor of shape %j', async (dims, values) => {
    const inputs = [
      { dims: [6], values: dividends },
      { dims, values },
    ]
    expect(await gradientExcess({ inputs, build: (g, xs) => g.op('Mod', xs, { fmod: 1 }) })).toBeLessThan(1)
  })

  it('has the truncated quotient as the slope of its divisor', async () => {
    const point = {
      inputs: [
        { dims: [4], values: [7.5, -7.5, 7.5, 0.5] },
        { dims: [4], values: [2, 2, -2, 2] },
      ],
    }
    const { gradients } = await gradientAt({ ...point, build: (g, xs) => g.op('Mod', xs, { fmod: 1 }) })
    expect(gradients).toEqual([
      [1, 1, 1, 1],
      [-3, 3, 3, 0],
    ])
  })
})

describe('Swish written as Mul and Sigmoid', () => {
  it.each(['left', 'right'])(
    'agrees with central differences, the sigmoid on the %s and used elsewhere too',
    async (side) => {
      const error = await gradientError({
        inputs: [{ dims: [3, 4] }],
        build: (g, [x]) => {
          const s = g.sigmoid(x!)
          return [side === 'left' ? g.mul(s, x!) : g.mul(x!, s), g.mul(s, s)]
        },
      })
      expect(error).toBeLessThan(1e-6)
    },
  )
})
