import { describe, expect, it } from 'vitest'
import type { AttackContext } from '../../../threat/attack.ts'
import { distances } from '../../../threat/norm.ts'
import { drawNearer, halvings } from './boundary-search.ts'
import type { LabelOracle } from './label-oracle.ts'

const size = 2
const x0 = Float32Array.of(0, 0, 5, 5)
const contextOf = (norm: 'l2' | 'linf'): AttackContext => ({ norm, x0, size, rows: 2 }) as AttackContext

/** Adversarial from distance 1 on; every row may ask `budget` questions. */
const oracleOf = (norm: 'l2' | 'linf', budget: number) => {
  const spent = [0, 0]
  const oracle: LabelOracle = {
    left: (row) => budget - spent[row]!,
    async ask(rows, points) {
      for (const row of rows) spent[row]!++
      const clean = Float32Array.from(Array.from(rows, (row) => [...x0.subarray(row * 2, row * 2 + 2)]).flat())
      return Uint8Array.from(distances(norm, points, clean, size), (length) => (length >= 1 ? 1 : 0))
    },
  }
  return { oracle, spent }
}

describe('drawNearer', () => {
  it('finds the boundary on the straight way in l2, from several points of one row', async () => {
    const points = Float32Array.of(3, 4, 5, 8, 0, -2)
    const { oracle, spent } = oracleOf('l2', 100)
    await drawNearer(contextOf('l2'), oracle, { rows: Int32Array.of(0, 1, 0), points }, 1e-4)
    for (const [i, value] of [0.6, 0.8, 5, 6, 0, -1].entries()) expect(points[i]).toBeCloseTo(value, 3)
    expect(spent).toEqual([2 * halvings(1e-4), halvings(1e-4)])
  })

  it('cuts coordinates off alike in linf', async () => {
    const points = Float32Array.of(4, 0.5)
    await drawNearer(contextOf('linf'), oracleOf('linf', 100).oracle, { rows: Int32Array.of(0), points }, 1e-4)
    expect(points[0]).toBeCloseTo(1, 3)
    expect(points[1]).toBe(0.5)
  })

  it('keeps what it has where questions run out, and leaves the reserve', async () => {
    const points = Float32Array.of(3, 4, 4, 3)
    const { oracle, spent } = oracleOf('l2', 5)
    await drawNearer(contextOf('l2'), oracle, { rows: Int32Array.of(0, 0), points }, 1e-4, 2)
    expect(spent).toEqual([3, 0])
    // Two halvings and one: 5 (1/4), which is still adversarial, and 5 (1/2).
    expect(Math.hypot(points[0]!, points[1]!)).toBeCloseTo(1.25, 5)
    expect(Math.hypot(points[2]!, points[3]!)).toBeCloseTo(2.5, 5)
  })
})

describe('halvings', () => {
  it('are enough for the tolerance', () => {
    for (const tolerance of [0.4, 0.25, 0.01, 1e-6]) {
      expect(0.5 ** halvings(tolerance)).toBeLessThanOrEqual(tolerance)
      expect(0.5 ** (halvings(tolerance) - 1)).toBeGreaterThan(tolerance)
    }
  })
})
