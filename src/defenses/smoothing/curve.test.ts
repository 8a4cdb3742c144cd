import { describe, expect, it } from 'vitest'
import { figureSchema } from '../../contract/index.ts'
import { certifiedCurve } from './curve.ts'

const certificates = [
  { prediction: 1, radius: 0.3 },
  { prediction: 2, radius: 0.9 },
  { prediction: 0, radius: 0.6 },
  { prediction: 'abstain', radius: 0 },
] as const

describe('certifiedCurve', () => {
  it('counts rows that are right and certified that far, the radius itself included', () => {
    const curve = certifiedCurve(certificates, Int32Array.of(1, 0, 0, 1), [0, 0.3, 0.31, 0.6, 0.9])
    expect(curve.map(({ radius, accuracy }) => [radius, accuracy.value])).toEqual([
      [0, 0.5],
      [0.3, 0.5],
      [0.31, 0.25],
      [0.6, 0.25],
      [0.9, 0],
    ])
    for (const { accuracy } of curve) expect(figureSchema.parse(accuracy).n).toBe(4)
  })

  it.each([
    ['DATA_SHAPE_MISMATCH', [1, 0, 0], [0]],
    ['USAGE', [1, 0, 0, 1], [-0.1]],
    ['USAGE', [1, 0, 0, 1], [Number.NaN]],
  ] as const)('%s for labels %o and radii %o', (code, labels, radii) => {
    expect(() => certifiedCurve(certificates, labels, radii)).toThrow(expect.objectContaining({ code }))
  })
})
