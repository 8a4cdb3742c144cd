import { describe, expect, it } from 'vitest'
import { rowsToFit } from './fitting.ts'

const parameters = { 'fit-rows': 256, 'held-out': true }

describe('rowsToFit', () => {
  it('keeps half of the rows from being judged, spread over the set and drawn by the seed', () => {
    const { chosen, apart } = rowsToFit('universal', 100, parameters, 0)
    expect(chosen).toHaveLength(50)
    expect(new Set(chosen)).toEqual(apart)
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b))
    const early = chosen.filter((row) => row < 50).length
    expect(early).toBeGreaterThan(10)
    expect(early).toBeLessThan(40)
    expect(rowsToFit('universal', 100, parameters, 0).chosen).toEqual(chosen)
    expect(rowsToFit('universal', 100, parameters, 1).chosen).not.toEqual(chosen)
  })

  it('takes no more than it is told to', () => {
    expect(rowsToFit('patch', 10_000, parameters, 0).chosen).toHaveLength(256)
    expect(rowsToFit('patch', 10_000, { ...parameters, 'fit-rows': 3 }, 0).apart.size).toBe(3)
  })

  it('uses all rows where there are few, or where it is told to, and then judges them all', () => {
    for (const [rows, given] of [
      [31, parameters],
      [100, { ...parameters, 'held-out': false }],
    ] as const) {
      const { chosen, apart } = rowsToFit('patch', rows, given, 0)
      expect(chosen).toHaveLength(rows)
      expect(apart.size).toBe(0)
    }
  })
})
