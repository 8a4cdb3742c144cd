import { describe, expect, it } from 'vitest'
import { badnets } from '../badnets.ts'
import { blended } from '../blended.ts'
import { contextOf, triggered } from '../testing.ts'

/** One row of 0.5 with the patch on it, a line of text for a line of pixels. */
const drawn = (dims: readonly number[], parameters: Record<string, number | string>, range = [0, 1]): string[] => {
  const context = contextOf(badnets, dims, { low: range[0]!, high: range[1]! })
  const row = triggered(badnets, context, new Float32Array(context.size).fill(0.5), { ...parameters })
  const width = dims.at(-1)!
  return Array.from({ length: row.length / width }, (_, i) =>
    [...row.subarray(i * width, (i + 1) * width)].map((v) => (v === 0.5 ? '.' : String(v))).join(''),
  )
}

describe('the patch', () => {
  it('lies in its corner, so many pixels from the border', () => {
    expect(drawn([1, 5, 5], { size: 2 })).toEqual(['.....', '.....', '..11.', '..11.', '.....'])
    expect(drawn([1, 4, 5], { size: 2, inset: 0, position: 'top-left' })).toEqual(['11...', '11...', '.....', '.....'])
  })

  it('lies in all channels', () => {
    expect(drawn([3, 2, 2], { size: 1, inset: 0 })).toEqual(['..', '.1', '..', '.1', '..', '.1'])
  })

  it('is a checkerboard that is bright in the corner', () => {
    const board = { size: 2, inset: 0, pattern: 'checkerboard' }
    expect(drawn([1, 4, 5], { ...board, position: 'four-corners' })).toEqual(['10.01', '01.10', '01.10', '10.01'])
    expect(drawn([1, 3, 3], { ...board, size: 3 })).toEqual(['101', '010', '101'])
  })

  it('has its value as a share of the range', () => {
    expect(drawn([1, 2, 2], { size: 1, inset: 0, value: 0.75 }, [-1, 3])).toEqual(['..', '.2'])
  })

  it('takes the range from the rows where none is declared', () => {
    const x = Float32Array.of(-2, 0, 1, 6)
    const context = contextOf(badnets, [1, 2, 2], { x, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
    expect([...triggered(badnets, context, x, { size: 1, inset: 0 })]).toEqual([-2, 0, 1, 6])
    expect([...triggered(badnets, context, x, { size: 1, inset: 0, value: 0 })]).toEqual([-2, 0, 1, -2])
  })

  it('must fit the picture', () => {
    expect(() => drawn([1, 3, 9], { size: 3, inset: 1 })).toThrow(/does not fit a picture of 3 by 9/)
  })
})

describe('the blended pattern', () => {
  it('is mixed into every row by its share', () => {
    const context = contextOf(blended, [1, 4, 4])
    const { x } = context.judged
    const key = triggered(blended, context, x, { alpha: 1 })
    expect(key.subarray(0, 16)).toEqual(key.subarray(16, 32))
    for (const [at, value] of triggered(blended, context, x, { alpha: 0.2 }).entries())
      expect(value).toBeCloseTo(0.8 * x[at]! + 0.2 * key[at]!, 6)
  })
})
