import { describe, expect, it } from 'vitest'
import { certifyTrees } from './index.ts'
import { oracleDistance, predictedClasses, smallForest } from './testing.ts'

describe.each([2, 3])('certified distances of %d classes', (classes) => {
  it.each(['linf', 'l2', 'l1'] as const)(
    'are the distance of the nearest region of another class in %s',
    async (norm) => {
      const { trees, x } = await smallForest(classes)
      const certificates = certifyTrees(trees, x, { norm, low: 0, high: 1 })
      expect(certificates.map(({ prediction }) => prediction)).toEqual(predictedClasses(trees, x))
      for (const [row, { radius, isExact }] of certificates.entries()) {
        const nearest = oracleDistance(trees, x.subarray(row * trees.size, (row + 1) * trees.size), norm)
        expect(radius).toBeLessThanOrEqual(nearest)
        // L2 and L1 are found to a thousandth.
        if (isExact && nearest < Number.POSITIVE_INFINITY) expect(radius).toBeGreaterThanOrEqual(nearest * (1 - 2e-3))
      }
      expect(certificates.filter(({ isExact }) => isExact).length).toBeGreaterThan(certificates.length / 2)
    },
  )

  it('only fall where fewer regions may be looked into', async () => {
    const { trees, x } = await smallForest(classes)
    const few = certifyTrees(trees, x, { norm: 'linf', low: 0, high: 1, limit: 2 })
    for (const [row, { radius }] of certifyTrees(trees, x, { norm: 'linf', low: 0, high: 1 }).entries())
      expect(few[row]!.radius).toBeLessThanOrEqual(radius)
  })
})
