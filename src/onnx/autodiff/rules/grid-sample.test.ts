import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.ts'
import { gradientError } from '../gradient-check.ts'

/** Points that lie well between pixels, some of them outside of the image. */
const pointsFor = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (((i * 37) % 29) / 29 - 0.5) * 2.6 + 0.013)

describe.each(['zeros', 'border', 'reflection'])('GridSample with padding %s', (padding_mode) => {
  it.each([
    ['linear', 0, [2, 3, 4, 5], [2, 3, 2, 2]],
    ['linear', 1, [2, 3, 4, 5], [2, 3, 2, 2]],
    ['linear', 0, [1, 2, 3, 2, 4], [1, 2, 2, 1, 3]],
  ])('%s, align_corners=%d: agrees with central differences for %j at %j', async (mode, align_corners, image, grid) => {
    const build = (g: GraphBuilder, [x, points]: readonly Value[]) =>
      g.op('GridSample', [g.mul(x!, x!), points], { mode, align_corners, padding_mode })
    const inputs = [{ dims: image }, { dims: grid, values: pointsFor(grid.reduce((a, b) => a * b)) }]
    for (const symbolicBatch of [false, true])
      expect(await gradientError({ inputs, build, dtype: 'float32', symbolicBatch })).toBeLessThan(5e-3)
  })

  it.each([0, 1])('nearest, align_corners=%d: agrees for the image', async (align_corners) => {
    const build = (g: GraphBuilder, [x]: readonly Value[]) =>
      g.op('GridSample', [g.mul(x!, x!), g.constant('float32', [2, 3, 2, 2], pointsFor(24))], {
        mode: 'nearest',
        align_corners,
        padding_mode,
      })
    expect(await gradientError({ inputs: [{ dims: [2, 3, 4, 5] }], build, dtype: 'float32' })).toBeLessThan(5e-3)
  })
})
