import { describe, expect, it } from 'vitest'
import { gridOf } from '../rows/grid.ts'
import { addDirection, type Basis, cosineBasis, valueBasis } from './basis.ts'

const direction = (basis: Basis, size: number, index: number): Float32Array => {
  const x = new Float32Array(size)
  addDirection(x, basis.direction(index), 1)
  return x
}
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)

describe('directions', () => {
  it.each([
    ['values', 12, valueBasis(12), 12],
    ['all cosines', 24, cosineBasis(gridOf([2, 3, 4]), 1), 24],
    ['low cosines', 2 * 8 * 8, cosineBasis(gridOf([2, 8, 8]), 0.5), 2 * 4 * 4],
    ['channels last', 5 * 6 * 3, cosineBasis(gridOf([5, 6, 3]), 1), 90],
    ['a table row', 9, cosineBasis(gridOf([9]), 1), 9],
  ] as const)('%s are orthonormal', (_, size, basis, count) => {
    expect(basis.count).toBe(count)
    const all = Array.from({ length: count }, (_, i) => direction(basis, size, i))
    for (const [i, a] of all.entries())
      for (const [j, b] of all.entries()) expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 5)
  })

  it('begin with the flat picture, then half a wave', () => {
    const basis = cosineBasis(gridOf([1, 4, 4]), 1)
    expect([...direction(basis, 16, 0)]).toEqual(new Array(16).fill(0.25))
    const [first, second] = direction(basis, 16, 1)
    expect(first! / second!).toBeCloseTo(Math.cos(Math.PI / 8) / Math.cos((3 * Math.PI) / 8), 5)
  })
})
