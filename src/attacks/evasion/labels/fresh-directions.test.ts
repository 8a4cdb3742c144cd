import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { allDirections, lowFrequencies } from './direction-space.ts'
import { freshDirections } from './fresh-directions.ts'

const product = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, j) => sum + value * b[j]!, 0)
const drawn = (draw: (into: Float32Array) => void, count: number, size: number): Float32Array[] =>
  Array.from({ length: count }, () => {
    const into = new Float32Array(size)
    draw(into)
    return into
  })

describe('freshDirections', () => {
  it.each([
    ['values', allDirections(40), 40],
    ['low frequencies', lowFrequencies([2, 8, 6], 0.5), 96],
    ['low frequencies, channels last', lowFrequencies([8, 6, 2], 0.5), 96],
  ] as const)('are of unit length and orthogonal to those before them: %s', (_, space, size) => {
    const directions = drawn(freshDirections(space, stream('fresh'), 5), 30, size)
    for (const [i, direction] of directions.entries()) {
      expect(product(direction, direction)).toBeCloseTo(1, 4)
      for (const other of directions.slice(Math.max(0, i - 5), i)) expect(product(direction, other)).toBeCloseTo(0, 4)
    }
  })

  it('never run out, however much is to be remembered', () => {
    const directions = drawn(freshDirections(allDirections(3), stream('few'), 100), 20, 3)
    for (const direction of directions) expect(product(direction, direction)).toBeCloseTo(1, 4)
    for (const direction of drawn(freshDirections(allDirections(1), stream('one'), 100), 3, 1))
      expect(Math.abs(direction[0]!)).toBeCloseTo(1, 5)
  })
})

describe('lowFrequencies', () => {
  it('hold the share of the cosines that was asked for, the constant first', () => {
    const space = lowFrequencies([28, 28], 0.5)
    expect(space.count).toBe(14 * 14)
    const picture = new Float32Array(784)
    space.sum(
      Float32Array.from({ length: 196 }, (_, k) => (k === 0 ? 28 : 0)),
      picture,
    )
    for (const value of picture) expect(value).toBeCloseTo(1, 5)
    // One half wave along the lines: at pixel (i, j) sqrt(2) cos(pi (2 j + 1) / 56).
    space.sum(
      Float32Array.from({ length: 196 }, (_, k) => (k === 1 ? 28 : 0)),
      picture,
    )
    expect(picture[28 * 5]).toBeCloseTo(Math.SQRT2 * Math.cos(Math.PI / 56), 5)
    expect(picture[28 * 5 + 27]).toBeCloseTo(-Math.SQRT2 * Math.cos(Math.PI / 56), 5)
  })
})
