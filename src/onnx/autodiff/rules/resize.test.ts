import { describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.ts'
import { gradientError } from '../gradient-check.ts'

type Attributes = Readonly<Record<string, number | string | readonly number[]>>
type Target = { readonly scales?: readonly number[]; readonly sizes?: readonly number[] }

const resized = (g: GraphBuilder, x: Value, { scales, sizes }: Target, attributes: Attributes): Value =>
  g.op(
    'Resize',
    [x, undefined, scales && g.constant('float32', [scales.length], scales), sizes && g.ints(sizes)],
    attributes,
  )

/** The kernels are single precision only. */
const worstError = async (dims: readonly number[], target: Target, attributes: Attributes): Promise<number> => {
  const check = {
    inputs: [{ dims }],
    build: (g: GraphBuilder, [x]: readonly Value[]) => resized(g, g.mul(x!, x!), target, attributes),
    dtype: 'float32' as const,
  }
  return Math.max(await gradientError(check), await gradientError({ ...check, symbolicBatch: true }))
}

describe('Resize', () => {
  it.each<[string, readonly number[], Target, Attributes]>([
    ['nearest, doubled', [2, 3, 4, 5], { scales: [1, 1, 2, 2] }, { mode: 'nearest' }],
    ['nearest, tripled by floor', [2, 3, 2, 4], { scales: [1, 1, 3, 3] }, { mode: 'nearest', nearest_mode: 'floor' }],
    ['nearest, shrunk', [2, 3, 5, 7], { sizes: [3, 2] }, { mode: 'nearest', axes: [2, 3] }],
    ['nearest, one axis by a fraction', [2, 3, 5, 7], { scales: [1, 1, 1.5, 1] }, { mode: 'nearest' }],
    ['nearest, a batch of vectors', [2, 5], { scales: [1, 1.7] }, { mode: 'nearest' }],
    ['nearest, three spatial axes', [2, 2, 2, 3, 2], { scales: [1, 1, 2, 2, 2] }, { mode: 'nearest' }],
    ['linear, enlarged', [2, 3, 4, 5], { scales: [1, 1, 2, 2] }, { mode: 'linear' }],
    ['linear, only some axes listed', [2, 3, 4, 5], { sizes: [7, 3] }, { mode: 'linear', axes: [2, 3] }],
    [
      'linear, corners aligned',
      [2, 3, 4, 5],
      { sizes: [7, 3] },
      { mode: 'linear', axes: [-2, -1], coordinate_transformation_mode: 'align_corners' },
    ],
    ['linear, three spatial axes', [2, 2, 2, 3, 2], { scales: [1, 1, 2, 1.5, 2] }, { mode: 'linear' }],
    ['linear, channels last', [2, 4, 5, 3], { scales: [1, 2, 2, 1] }, { mode: 'linear' }],
    [
      'linear, shrunk with antialiasing',
      [2, 3, 8, 9],
      { sizes: [3, 4] },
      { mode: 'linear', axes: [2, 3], antialias: 1 },
    ],
    ['cubic, enlarged', [2, 3, 4, 5], { scales: [1, 1, 2, 1.5] }, { mode: 'cubic' }],
    [
      'cubic, without the outside',
      [2, 3, 4, 5],
      { sizes: [9, 3] },
      { mode: 'cubic', axes: [2, 3], exclude_outside: 1 },
    ],
    [
      'an aspect ratio kept',
      [2, 3, 4, 6],
      { sizes: [8, 9] },
      { mode: 'linear', axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' },
    ],
  ])('%s: agrees with central differences', async (_, dims, target, attributes) => {
    expect(await worstError(dims, target, attributes)).toBeLessThan(5e-3)
  })

  it('refuses to resize an axis of unknown size, and says so', async () => {
    const check = {
      inputs: [{ dims: [3, 4] }],
      build: (g: GraphBuilder, [x]: readonly Value[]) => resized(g, x!, { scales: [2, 1] }, { mode: 'nearest' }),
      dtype: 'float32' as const,
      symbolicBatch: true,
    }
    await expect(gradientError(check)).rejects.toMatchObject({ code: 'GRAPH_OP_UNSUPPORTED' })
  })
})
