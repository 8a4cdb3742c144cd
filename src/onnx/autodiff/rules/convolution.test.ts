import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradientError } from '../gradient-check.ts'

const settings = fc.record({
  rank: fc.integer({ min: 1, max: 3 }),
  group: fc.constantFrom(1, 2),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  begin: fc.integer({ min: 0, max: 2 }),
  end: fc.integer({ min: 0, max: 2 }),
  channels: fc.constantFrom(1, 2, 8),
  autoPad: fc.constantFrom('NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
})

type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never

// With automatic padding and strides beyond the kernel, the runtime's ConvTranspose departs from the standard's size.
const attributes = ({ rank, group, kernel, stride: asked, dilation, begin, end, autoPad }: Settings) => {
  const stride = autoPad === 'NOTSET' ? asked : Math.min(asked, kernel)
  const all = (value: number) => Array.from({ length: rank }, () => value)
  return {
    group,
    strides: all(stride),
    dilations: all(autoPad === 'NOTSET' ? dilation : 1),
    ...(autoPad === 'NOTSET' ? { pads: [...all(begin), ...all(end)] } : { auto_pad: autoPad }),
  }
}

describe('Conv', () => {
  it('agrees with central differences for random geometry', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (s) => {
        const spatial = [6, 5, 7].slice(0, s.rank)
        const kernel = spatial.map(() => s.kernel)
        const inputs = [
          { dims: [2, s.channels * s.group, ...spatial] },
          { dims: [2 * s.group, s.channels, ...kernel] },
          { dims: [2 * s.group] },
        ]
        for (const symbolicBatch of [false, true])
          expect(
            await gradientError({
              inputs,
              build: (g, xs) => g.op('Conv', xs, attributes(s)),
              dtype: 'float32',
              symbolicBatch,
            }),
          ).toBeLessThan(5e-3)
      }),
      { numRuns: 40, seed: 3 },
    )
  })
})

describe('ConvTranspose', () => {
  it('agrees with central differences for random geometry', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (s) => {
        const spatial = [4, 3, 3].slice(0, s.rank)
        const kernel = spatial.map(() => s.kernel)
        const attrs = { ...attributes(s), ...(s.begin + s.end > (s.kernel - 1) * s.dilation && { pads: undefined }) }
        const inputs = [
          { dims: [2, s.channels * s.group, ...spatial] },
          { dims: [s.channels * s.group, 2, ...kernel] },
          { dims: [2 * s.group] },
        ]
        expect(
          await gradientError({ inputs, build: (g, xs) => g.op('ConvTranspose', xs, attrs), dtype: 'float32' }),
        ).toBeLessThan(5e-3)
      }),
      { numRuns: 40, seed: 4 },
    )
  })
})
