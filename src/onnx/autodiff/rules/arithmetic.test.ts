import { describe, expect, it } from 'vitest'
import { gradientError } from '../gradient-check.ts'

describe.each(['add', 'sub', 'mul', 'div'] as const)('%s', (op) => {
  it.each([
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
  ])('agrees with central differences for shapes %j and %j', async (a, b) => {
    const inputs = [{ dims: a }, { dims: b }]
    for (const symbolicBatch of [false, a.length > 0])
      expect(await gradientError({ inputs, build: (g, [x, y]) => g[op](x!, y!), symbolicBatch })).toBeLessThan(1e-6)
  })
})
