import { describe, expect, it } from 'vitest'
import { wilson } from '../intervals.ts'
import { katz, koopman, newcombe, sumOf } from './index.ts'

// Newcombe 1998, Table II, method 10 (the digits beyond the fourth: NumPy).
const differences = [
  [56, 70, 48, 80, 0.0524314724023649, 0.333872654036906],
  [9, 10, 3, 10, 0.17052272393450296, 0.8090179735354881],
  [6, 7, 2, 7, 0.0582279274823122, 0.8062496375242277],
  [5, 56, 0, 29, -0.03813714790353688, 0.19256001385511157],
  [0, 10, 0, 20, -0.16112515805281938, 0.2775327998628892],
  [10, 10, 0, 10, 0.6075093504305242, 1],
  [30, 100, 45, 90, -0.3296271377039215, -0.06064128938125035],
] as const

// 36/40 against 16/80 is the example of Koopman 1984 (2.94 to 7.15); the others by SciPy's brentq on the score test.
const ratios = [
  [36, 40, 16, 80, 2.9395691922149942, 7.152223434866029],
  [56, 70, 48, 80, 1.0798215063618983, 1.6708055780191116],
  [9, 10, 3, 10, 1.3532371938667307, 8.467668686709775],
  [30, 100, 45, 90, 0.41491723743475917, 0.8580908246105738],
  [0, 20, 7, 31, 0, 0.7519629363347483],
  [12, 12, 5, 9, 1.2274432943563056, 3.7502161976832933],
  [5, 56, 0, 29, 0.7256888835936185, Number.POSITIVE_INFINITY],
] as const

describe('newcombe', () => {
  it.each(differences)('%d/%d - %d/%d', (a, m, b, n, low, high) => {
    const interval = newcombe(a, m, b, n)
    expect(interval.low).toBeCloseTo(low, 10)
    expect(interval.high).toBeCloseTo(high, 10)
  })
  it('turns round with the groups', () => {
    const there = newcombe(7, 30, 11, 80)
    const back = newcombe(11, 80, 7, 30)
    expect(back.low).toBeCloseTo(-there.high, 12)
    expect(back.high).toBeCloseTo(-there.low, 12)
  })
})

describe('koopman', () => {
  it.each(ratios)('(%d/%d) / (%d/%d)', (a, m, b, n, low, high) => {
    const interval = koopman(a, m, b, n)
    expect(interval.low).toBeCloseTo(low, 8)
    if (Number.isFinite(high)) expect(interval.high).toBeCloseTo(high, 8)
    else expect(interval.high).toBe(high)
  })
  it('turns round with the groups', () => {
    const there = koopman(7, 30, 11, 80)
    const back = koopman(11, 80, 7, 30)
    expect(back.low * there.high).toBeCloseTo(1, 9)
    expect(back.high * there.low).toBeCloseTo(1, 9)
  })
  it('refuses the ratio of nothing to nothing', () => {
    expect(() => koopman(0, 10, 0, 10)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})

describe('katz', () => {
  it('is normal on the log scale (NumPy)', () => {
    const interval = katz(36, 40, 16, 80)
    expect(interval.low).toBeCloseTo(2.8685501986034843, 10)
    expect(interval.high).toBeCloseTo(7.059315193388787, 10)
  })
  it('refuses a count of 0', () => {
    expect(() => katz(0, 10, 3, 10)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})

describe('sumOf', () => {
  it("gives Newcombe's interval from two Wilson intervals", () => {
    const [p, q] = [wilson(56, 70), wilson(48, 80)]
    const sum = sumOf({ value: 56 / 70, ...p }, { value: -48 / 80, low: -q.high, high: -q.low })
    const expected = newcombe(56, 70, 48, 80)
    expect(sum.low).toBeCloseTo(expected.low, 12)
    expect(sum.high).toBeCloseTo(expected.high, 12)
  })
})
