import { describe, expect, it } from 'vitest'
import { minus, over, plus, times } from './size.ts'

describe('arithmetic of sizes', () => {
  it.each([
    [['batch', 16], 'batch*16'],
    [['seq', 2, 'batch', 3], 'batch*seq*6'],
    [['batch*16', 4], 'batch*64'],
    [['batch', 0], 0],
    [[], 1],
  ])('the product of %j is %j', (dims, product) => expect(times(dims)).toBe(product))

  it.each([
    ['batch*16', 16, 'batch'],
    ['batch*16', 'batch', 16],
    ['batch*seq', 'seq*batch', 1],
    ['batch', 2, undefined],
    ['batch', 'seq', undefined],
    [12, 4, 3],
    [12, 0, undefined],
  ])('%j over %j is %j', (a, b, quotient) => expect(over(a, b)).toBe(quotient))

  it('adds what has a common name', () => {
    expect(plus('batch', 'batch')).toBe('batch*2')
    expect(plus('batch', 0)).toBe('batch')
    expect(plus('batch', 1)).toBeUndefined()
    expect(minus('batch*3', 'batch')).toBe('batch*2')
    expect(minus('batch', 'batch')).toBe(0)
  })

  it('gives up products of many names', () => expect(times('abcdefghi'.split(''))).toBeUndefined())
})
