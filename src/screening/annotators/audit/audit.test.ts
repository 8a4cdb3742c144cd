import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { drawSample, planAudit } from './audit.ts'
import { confidenceSequence } from './confidence-sequence.ts'
import { wrongShare } from './share.ts'
import { auditSize } from './size.ts'
import { sprt } from './sprt.ts'

describe('how many labels to audit', () => {
  // SciPy's binom.cdf and hypergeom.cdf, counting up; 59 and 299 are the sizes of every table of discovery sampling.
  it.each([
    [0.05, 0.95, 0, undefined, 59],
    [0.01, 0.95, 0, undefined, 299],
    [0.05, 0.95, 1, undefined, 93],
    [0.01, 0.99, 2, undefined, 838],
    [0.05, 0.95, 0, 1000, 56],
    [0.01, 0.95, 1, 1000, 364],
    [0.02, 0.9, 0, 150, 65],
    [0.01, 0.95, 0, 20, 19],
    [0.01, 0.99, 0, 20, 20],
  ])('bound %d at confidence %d, %d wrong, of %s: %d', (bound, confidence, tolerated, population, size) => {
    expect(auditSize({ bound, confidence, tolerated, ...(population !== undefined && { population }) })).toBe(size)
  })
  it.each([
    { bound: 0 },
    { bound: 1 },
    { bound: 0.1, confidence: 1 },
    { bound: 0.1, tolerated: -1 },
    { bound: 0.1, population: 0 },
    { bound: 0.1, errors: 1 },
    { bound: 0.1, audited: 5, errors: 6 },
    { bound: 0.1, audited: 0, errors: 0 },
    { bound: 0.1, audited: 30, population: 20 },
  ])('refuses %j', (options) => {
    expect(() => planAudit(options)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

describe('what an audit says', () => {
  // All numbers of wrong labels that SciPy's hypergeom doesn't reject.
  it.each([
    [3, 50, 400, 0.015, 0.1575],
    [0, 59, 1000, 0, 0.058],
    [5, 5, 20, 0.55, 1],
    [10, 100, 100, 0.1, 0.1],
  ])('%d wrong of %d out of %d', (errors, audited, population, low, high) => {
    const found = wrongShare({ errors, audited }, 0.95, population)
    expect([found.low, found.high]).toEqual([low, high])
  })
  it('passes, fails and stays open', () => {
    const verdict = (audited: number, errors: number) => planAudit({ bound: 0.05, audited, errors }).outcome!
    expect(verdict(59, 0)).toMatchObject({ verdict: 'passed', needed: 59 })
    expect(verdict(58, 0).verdict).toBe('inconclusive')
    expect(verdict(59, 1)).toMatchObject({ verdict: 'inconclusive', needed: 93 })
    expect(verdict(40, 10).verdict).toBe('failed')
    expect(verdict(100, 5).share).toMatchObject({ value: 0.05, n: 100 })
  })
  it('knows the share once all are audited', () => {
    const { outcome } = planAudit({ bound: 0.1, population: 40, audited: 40, errors: 4 })
    expect(outcome).toMatchObject({ verdict: 'passed', share: { low: 0.1, high: 0.1 } })
  })
})

describe('the confidence sequence', () => {
  // SciPy: betabinom.pmf over all numbers of wrong labels; brentq on the density of Beta.
  it.each([
    [3, 50, 400, 0.0075, 0.22],
    [0, 59, 1000, 0, 0.109],
    [10, 100, 100, 0.1, 0.1],
    [2, 30, 60, 0.03333333333333333, 0.23333333333333334],
    [3, 50, undefined, 0.003918260010357443, 0.2324432661511281],
    [0, 59, undefined, 0, 0.11323103088262682],
    [0, 500, undefined, 0, 0.018255980042185704],
    [20, 20, undefined, 0.7393286490623391, 1],
  ])('after %d wrong of %d out of %s', (errors, audited, population, low, high) => {
    const found = confidenceSequence({ errors, audited }, 0.95, population)
    expect(found.low).toBeCloseTo(low, 9)
    expect(found.high).toBeCloseTo(high, 9)
  })
  it('says nothing before the first label', () => {
    expect(confidenceSequence({ errors: 0, audited: 0 }, 0.95)).toEqual({ low: 0, high: 1 })
  })
  it('holds the truth at every look of nearly all audits, where repeated exact intervals would not', () => {
    const random = stream(7, 'looks')
    let [missed, exactMissed] = [0, 0]
    const audits = 200
    for (let audit = 0; audit < audits; audit++) {
      let errors = 0
      const out = { sequence: false, exact: false }
      for (let audited = 1; audited <= 150; audited++) {
        if (random.uniform() < 0.1) errors++
        const any = confidenceSequence({ errors, audited }, 0.9)
        const exact = audited % 10 === 0 ? wrongShare({ errors, audited }, 0.9) : { low: 0, high: 1 }
        out.sequence ||= any.low > 0.1 || any.high < 0.1
        out.exact ||= exact.low > 0.1 || exact.high < 0.1
      }
      if (out.sequence) missed++
      if (out.exact) exactMissed++
    }
    expect(missed / audits).toBeLessThan(0.1)
    expect(exactMissed / audits).toBeGreaterThan(0.12)
  })
})

describe("Wald's sequential test", () => {
  const test = sprt({ acceptable: 0.01, unacceptable: 0.05, falseAlarm: 0.05, miss: 0.05 })
  it('has his lines', () => {
    // Without an error it passes after log(19) / log(0.99 / 0.95) = 71.4 labels, as by hand.
    expect([test.verdict(71, 0), test.verdict(72, 0)]).toEqual(['go-on', 'passed'])
    expect([test.verdict(3, 1), test.verdict(3, 2), test.verdict(20, 3)]).toEqual(['go-on', 'failed', 'failed'])
    expect([test.passAt(72), test.failAt(3)]).toEqual([0, 2])
  })
  it('keeps its error rates', () => {
    const random = stream(3, 'sprt')
    const wrongOf = (share: number, wrong: string): number => {
      let count = 0
      for (let run = 0; run < 400; run++) {
        let [n, errors] = [0, 0]
        while (test.verdict(n, errors) === 'go-on') {
          n++
          if (random.uniform() < share) errors++
        }
        if (test.verdict(n, errors) === wrong) count++
      }
      return count / 400
    }
    expect(wrongOf(0.01, 'failed')).toBeLessThan(0.08)
    expect(wrongOf(0.05, 'passed')).toBeLessThan(0.08)
  })
})

it('a sample is different items, the same every time', () => {
  const drawn = drawSample(100, 20, 4)
  expect(new Set(drawn).size).toBe(20)
  expect(drawSample(100, 20, 4)).toEqual(drawn)
  expect(drawSample(100, 20, 5)).not.toEqual(drawn)
})
