import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { boundaryDirections } from './boundary-direction.ts'
import type { LabelOracle } from './label-oracle.ts'

const size = 20
const random = stream('slopes')
const slopes = Array.from({ length: 2 }, () => Array.from({ length: size }, () => random.normal()))
const points = new Float32Array(2 * size).fill(0.5)
const context = {
  ...{ size, low: 0, high: 1, rows: 2 },
  random: (row: number, ...key: (string | number)[]) => stream('directions', row, ...key),
} as AttackContext

/** The boundary of each row goes through its point, across its slope. */
const side = (row: number, point: Float32Array): number =>
  slopes[row]!.reduce((sum, slope, j) => sum + slope * (point[j]! - 0.5), 0)

const asking = (adversarial: (row: number, point: Float32Array) => boolean) => {
  const asked: number[] = []
  const oracle: LabelOracle = {
    left: () => 1e6,
    ask: async (rows, values) => {
      asked.push(rows.length)
      return Uint8Array.from(rows, (row, i) => (adversarial(row, values.subarray(i * size, (i + 1) * size)) ? 1 : 0))
    },
  }
  return { oracle, asked }
}

const request = { rows: Int32Array.of(0, 1), points, radii: Float64Array.of(0.1, 0.01), iteration: 1 }
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const dot = (p: ArrayLike<number>, q: ArrayLike<number>) =>
    Array.from(p, (v, i) => v * q[i]!).reduce((sum, v) => sum + v, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

describe('boundaryDirections', () => {
  it('points across the boundary, whatever share of the questions goes to which row', async () => {
    const { oracle, asked } = asking((row, point) => side(row, point) > 0)
    const counts = Int32Array.of(2500, 900)
    const found = await boundaryDirections(context, oracle, { ...request, counts })
    for (const row of [0, 1]) {
      const direction = found.subarray(row * size, (row + 1) * size)
      expect(Math.hypot(...direction)).toBeCloseTo(1, 5)
      expect(cosine(direction, slopes[row]!)).toBeGreaterThan(0.95)
    }
    // All questions, in pieces of a bounded size that rows share.
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(3400)
    expect(Math.max(...asked)).toBeLessThanOrEqual(1024)
  })

  it('gives a row the same direction alone', async () => {
    const { oracle } = asking((row, point) => side(row, point) > 0)
    const both = await boundaryDirections(context, oracle, { ...request, counts: Int32Array.of(1500, 50) })
    const alone = await boundaryDirections(context, oracle, {
      ...{ rows: Int32Array.of(1), points: points.subarray(size), counts: Int32Array.of(50) },
      ...{ radii: Float64Array.of(0.01), iteration: 1 },
    })
    expect([...alone]).toEqual([...both.subarray(size)])
  })

  it('asks at the radius, and inside the range where a point lies at its edge', async () => {
    const edge = points.slice().fill(1, 0, size)
    const { oracle } = asking((row, point) => {
      const length = Math.hypot(...point.map((v, j) => v - edge[row * size + j]!))
      if (row === 1) expect(length).toBeCloseTo(0.01, 6)
      else expect(length).toBeLessThan(0.1)
      return point.every((v) => v >= 0 && v <= 1)
    })
    await boundaryDirections(context, oracle, { ...request, points: edge, counts: Int32Array.of(30, 30) })
    expect.assertions(60)
  })

  it.each([true, false])('stays finite where every answer is %s', async (answer) => {
    const { oracle } = asking(() => answer)
    const found = await boundaryDirections(context, oracle, { ...request, counts: Int32Array.of(40, 40) })
    expect(found.every(Number.isFinite)).toBe(true)
    expect(Math.hypot(...found.subarray(0, size))).toBeCloseTo(1, 5)
  })
})
