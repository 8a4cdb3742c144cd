import { describe, expect, it } from 'vitest'
import { gatherRows, rowsWhere, scatterRows, toInt64 } from './rows.ts'

describe('rows', () => {
  const values = Float32Array.of(0, 1, 10, 11, 20, 21)

  it('gathers rows in the order asked for, repeats included, in the type given', () => {
    expect([...gatherRows(values, Int32Array.of(2, 0, 2), 2)]).toEqual([20, 21, 0, 1, 20, 21])
    expect(gatherRows(BigInt64Array.of(5n, 6n), Int32Array.of(1), 1)).toEqual(BigInt64Array.of(6n))
    expect(gatherRows(values, new Int32Array(0), 2)).toEqual(new Float32Array(0))
  })

  it('scatters rows back to where they were gathered', () => {
    const into = new Float32Array(6)
    scatterRows(into, Int32Array.of(2, 0), Float32Array.of(20, 21, 0, 1), 2)
    expect([...into]).toEqual([0, 1, 0, 0, 20, 21])
  })

  it('finds rows and widens labels', () => {
    expect([...rowsWhere(5, (row) => row % 2 === 1)]).toEqual([1, 3])
    expect(toInt64(Int32Array.of(-1, 3))).toEqual(BigInt64Array.of(-1n, 3n))
  })
})
