import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { numberRules } from './index.ts'
import { expanded, scoreAlone, scoreNear } from './number-rule.ts'

/** The share of random numbers of a rule's shapes that pass its check. */
const passing = (rule: (typeof numberRules)[number], count: number): number => {
  const rng = stream('chance', rule.rule, rule.kind)
  const forms = rule.shapes.flatMap(expanded)
  let passed = 0
  for (let i = 0; i < count; i++) {
    const written = forms[rng.integer(forms.length)]!.replace(/[9A]/g, (char) =>
      char === '9' ? String(rng.integer(10)) : String.fromCharCode(65 + rng.integer(26)),
    )
    if (rule.check(written.replace(/[^0-9A-Z]/g, ''), written)) passed++
  }
  return passed / count
}

describe('number rules', () => {
  // The hyphenated form of a social security number counts by its form: see its rule.
  const measured = numberRules.filter(({ rule, chance }) => !(rule === 'us-ssn' && chance < 0.5))

  it.each(measured)('$rule passes random numbers no more often than it says', (rule) => {
    const count = 1000
    const spread = 4 * Math.sqrt((rule.chance * (1 - rule.chance)) / count)
    expect(passing(rule, count)).toBeLessThanOrEqual(rule.chance + spread + 2 / count)
  })

  it('trusts bare digits without context only where fewer than one random number in 100 passes, cards apart', () => {
    for (const rule of numberRules)
      for (const shape of rule.shapes.filter((one) => /^9+$/.test(one)))
        if (scoreAlone(rule, shape) >= 0.5) expect(rule.chance).toBeLessThan(rule.kind === 'card' ? 0.011 : 0.01)
  })

  it('scores context above none', () => {
    const worse = numberRules.flatMap((rule) =>
      rule.shapes.filter((shape) => scoreNear(rule, shape) <= scoreAlone(rule, shape)),
    )
    expect(worse).toEqual([])
  })

  it('has each rule once for a country and kind', () => {
    const keys = numberRules.map(({ kind, rule, shapes }) => `${kind} ${rule} ${shapes}`)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
