import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.ts'
import { gradientError } from '../gradient-check.ts'

/** Pads before and after that leave at least two elements and extend what is left by less than its length. */
const along = (size: number) =>
  fc
    .tuple(fc.integer({ min: 2 - size, max: size - 1 }), fc.integer({ min: 2 - size, max: size - 1 }))
    .filter(([before, after]) => {
      const left = size + Math.min(0, before) + Math.min(0, after)
      return left >= 2 && before < left && after < left
    })

describe.each(['constant', 'reflect', 'edge', 'wrap'])('Pad in mode %s', (mode) => {
  it('agrees with central differences for pads of both signs', async () => {
    const settings = fc.record({ first: along(4), second: along(3), last: fc.constantFrom(-1, 2) })
    await fc.assert(
      fc.asyncProperty(settings, async ({ first, second, last }) => {
        const build = (g: GraphBuilder, [x]: readonly Value[]) => {
          const pads = g.ints([first[0], second[0], first[1], second[1]])
          return g.op('Pad', [g.mul(x!, x!), pads, undefined, g.ints([1, last])], { mode })
        }
        for (const symbolicBatch of [false, true])
          expect(await gradientError({ inputs: [{ dims: [2, 4, 3] }], build, symbolicBatch })).toBeLessThan(1e-6)
      }),
      { numRuns: 15, seed: 5 },
    )
  })

  it('agrees with central differences where all axes are padded', async () => {
    const build = (g: GraphBuilder, [x]: readonly Value[]) =>
      g.op('Pad', [g.mul(x!, x!), g.ints([0, 1, 2, 1, 0, 1])], { mode })
    expect(await gradientError({ inputs: [{ dims: [2, 3, 4] }], build })).toBeLessThan(1e-6)
  })
})

describe('Pad with a constant', () => {
  it('gives the constant the sum over the padding', async () => {
    const build = (g: GraphBuilder, [x, value]: readonly Value[]) =>
      g.op('Pad', [g.mul(x!, x!), g.ints([1, -1, 0, 2]), value])
    for (const dims of [[], [1]])
      expect(await gradientError({ inputs: [{ dims: [2, 3] }, { dims }], build })).toBeLessThan(1e-6)
  })
})
