import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { conformalPValues, conformalRows } from './conformal.ts'
import { dipOf, dipTest } from './dip.ts'

describe('the dip', () => {
  it('is the least there is for equal steps', () => {
    for (const n of [5, 40, 300])
      expect(dipOf(Float64Array.from({ length: n }, (_, i) => i))).toBeCloseTo(1 / (2 * n), 12)
  })

  it('is a quarter for two heaps, and the least there is for one', () => {
    expect(dipOf(Float64Array.from({ length: 1000 }, (_, i) => (i < 500 ? i / 1e6 : 1 + i / 1e6)))).toBeCloseTo(0.25, 2)
    expect(dipOf(Float64Array.of(2, 2, 2, 2))).toBe(1 / 8)
    expect(dipOf(Float64Array.of(1))).toBe(0.5)
  })

  it.each([
    [[-0.4328, -0.2874, 1.5744, 1.6891, 2.2645, 3.161, 3.2498, 4.0315], 0.115945],
    [[-1.9016, -0.8037, -0.3589, -0.1089, 1.0802, 2.1504, 2.4894, 2.7112, 2.9885, 3.0835], 0.10296],
    [[-0.4764, 0.1633, 0.8061, 1.7074, 2.5282, 3.1357, 4.378], 0.086973],
    [[-0.4633, -0.2638, 1.8946, 4.0302, 4.2298], 0.186674],
  ])('of %j is the optimum of a linear program over distribution functions with one mode', (values, dip) => {
    expect(dipOf(Float64Array.from(values))).toBeCloseTo(dip, 4)
  })

  it('calls one peak nothing, whatever its shape, and two peaks something', () => {
    const random = stream('shapes')
    const drawn = (draw: () => number) => Float64Array.from({ length: 300 }, draw)
    for (const draw of [
      () => random.normal(),
      () => random.uniform(),
      () => -Math.log(random.uniform()),
      () => random.normal() ** 3,
    ])
      expect(dipTest(drawn(draw)).p).toBeGreaterThan(0.05)
    expect(dipTest(drawn(() => random.normal() + (random.uniform() < 0.3 ? 6 : 0))).p).toBe(1 / 2000)
  })
})

describe('conformal p-values', () => {
  it('count the clean scores that are as large, and the row itself', () => {
    const clean = Float64Array.of(1, 2, 3, 4)
    expect([...conformalPValues(Float64Array.of(5, 4, 2.5, 0), clean)]).toEqual([0.2, 0.4, 0.6, 1])
    const { flagged } = conformalRows(
      Float64Array.of(9, 0, 0),
      Float64Array.from({ length: 99 }, (_, i) => i / 100),
      0.05,
      '',
    )
    expect([...flagged]).toEqual([0])
  })
})
