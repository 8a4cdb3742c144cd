import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { clip, project, rowNorm, steepest, uniformInBall } from './geometry.ts'
import { distances, type Norm } from './norm.ts'
import { evaluate } from './testing.ts'

const rows = 3
const dims = [rows, 2, 5]
const size = 10
const normals = (key: string, scale = 1): Float32Array => {
  const random = stream(key)
  return Float32Array.from({ length: rows * size }, () => scale * random.normal())
}
const row = (values: Float32Array, at: number): Float32Array => values.subarray(at * size, (at + 1) * size)
const zeros = new Float32Array(rows * size)
const balls: readonly Norm[] = ['linf', 'l2', 'l1']

const lengthOf = (norm: Norm, values: Float32Array): number =>
  distances(norm, values, new Float32Array(values.length), values.length)[0]!
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (v, i) => v * b[i]!).reduce((sum, v) => sum + v, 0)

describe.each(balls)('in %s', (norm) => {
  it('measures rows', async () => {
    const x = normals('norm')
    const found = await evaluate([{ dims, values: x }], (g, [v]) => rowNorm(g, norm, v!))
    for (const [i, size] of distances(norm, x, zeros, 10).entries()) expect(found[i]).toBeCloseTo(size, 4)
  })

  it('projects to the nearest point of the ball: no other point of it is nearer', async () => {
    const [x0, x] = [normals('centre'), normals('outside', 2)]
    const epsilon = 0.7
    const near = await evaluate(
      [
        { dims, values: x },
        { dims, values: x0 },
      ],
      (g, [v, centre]) => project(g, norm, v!, centre!, epsilon),
    )
    for (const [i, length] of distances(norm, near, x0, size).entries()) {
      expect(length).toBeLessThan(epsilon + 1e-5)
      // Projection onto a convex set: <x - p, q - p> <= 0 for every point q of it.
      const gap = row(x, i).map((v, j) => v - row(near, i)[j]!)
      const random = stream('others', norm, i)
      for (let trial = 0; trial < 200; trial++) {
        const inside = uniformInBall(norm, size, epsilon, random)
        const towards = inside.map((v, j) => v + row(x0, i)[j]! - row(near, i)[j]!)
        expect(dot(gap, towards)).toBeLessThan(1e-4)
      }
    }
  })

  it('leaves points of the ball where they are', async () => {
    const inside = Float32Array.from(
      Array.from({ length: rows }, (_, i) => [...uniformInBall(norm, size, 0.5, stream('in', i))]).flat(),
    )
    const kept = await evaluate(
      [
        { dims, values: inside },
        { dims, values: zeros },
      ],
      (g, [v, centre]) => project(g, norm, v!, centre!, 0.5),
    )
    for (const [i, value] of inside.entries()) expect(kept[i]).toBeCloseTo(value, 6)
  })

  it('finds the steepest direction: of unit norm, and no other of unit norm climbs faster', async () => {
    const gradient = normals('gradient')
    const found = await evaluate([{ dims, values: gradient }], (g, [v]) => steepest(g, norm, v!))
    for (let i = 0; i < rows; i++) {
      expect(lengthOf(norm, row(found, i))).toBeCloseTo(1, 5)
      const rise = dot(row(found, i), row(gradient, i))
      const random = stream('steepest', norm, i)
      for (let trial = 0; trial < 200; trial++)
        expect(dot(uniformInBall(norm, size, 1, random), row(gradient, i))).toBeLessThanOrEqual(rise + 1e-5)
    }
  })

  it('gives a row without a gradient no direction', async () => {
    const found = await evaluate([{ dims, values: zeros }], (g, [v]) => steepest(g, norm, v!))
    expect(found.every((value) => value === 0)).toBe(true)
  })

  it('draws points uniformly from the ball: the share within radius r is r^d, and no side is preferred', () => {
    const d = 3
    const draws = 20_000
    const random = stream('ball', norm)
    const points = Array.from({ length: draws }, () => uniformInBall(norm, d, 2, random))
    const lengths = points.map((point) => lengthOf(norm, point) / 2)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1 + 1e-6)
    for (const radius of [0.3, 0.5, 0.8, 0.95]) {
      const share = lengths.filter((length) => length <= radius).length / draws
      const expected = radius ** d
      expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / draws))
    }
    for (let j = 0; j < d; j++) {
      const positive = points.filter((point) => point[j]! > 0).length / draws
      expect(Math.abs(positive - 0.5)).toBeLessThan(2 / Math.sqrt(draws))
      // All coordinates alike: each is the largest in a third of the points.
      const largest = points.filter((point) => point.every((v) => Math.abs(v) <= Math.abs(point[j]!))).length / draws
      expect(Math.abs(largest - 1 / d)).toBeLessThan(2 / Math.sqrt(draws))
    }
  })
})

describe('steepest in l1', () => {
  it('moves as many of the largest coordinates as asked for, by equal parts', async () => {
    const values = Float32Array.of(0.1, -3, 2, 0.5)
    const found = await evaluate([{ dims: [1, 4], values }], (g, [v]) => steepest(g, 'l1', v!, 2))
    expect([...found]).toEqual([0, -0.5, 0.5, 0])
  })
})

describe('clip', () => {
  it('keeps the range', async () => {
    const values = Float32Array.of(-2, 0.25, 3)
    expect([...(await evaluate([{ dims: [1, 3], values }], (g, [v]) => clip(g, v!, -1, 1)))]).toEqual([-1, 0.25, 1])
  })
})
