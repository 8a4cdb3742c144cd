import { describe, expect, it } from 'vitest'
import { strictestConsent } from './consent.ts'
import { normalLicence, strictestOf, strictness, strictnessOf } from './licence.ts'

const level = (expression: string) => {
  const found = strictnessOf(expression)
  return found === undefined ? undefined : strictness[found]
}

describe('strictness', () => {
  it.each([
    ['CC0-1.0', 'public domain'],
    ['apache-2.0', 'permissive'],
    ['CC-BY-4.0', 'permissive'],
    ['CC-BY-SA-4.0', 'share alike'],
    ['GPL-2.0+ WITH Classpath-exception-2.0', 'share alike'],
    ['CC-BY-NC-SA-4.0', 'non-commercial'],
    ['CC-BY-NC-ND-4.0', 'no derivatives'],
    ['LicenseRef-Internal', 'restricted'],
    ['MIT AND CC-BY-SA-4.0', 'share alike'],
    ['MIT OR GPL-3.0-only', 'permissive'],
    ['(MIT OR GPL-3.0-only) AND CC-BY-NC-4.0', 'non-commercial'],
    ['NOASSERTION', undefined],
    ['MIT AND Whatever', undefined],
  ])('of %s', (expression, expected) => {
    expect(level(expression)).toBe(expected)
  })
  it('names the strictest, all of equals, and none where none is known', () => {
    expect(strictestOf(['MIT', 'CC-BY-NC-4.0', 'CC0-1.0'])).toBe('CC-BY-NC-4.0')
    expect(strictestOf(['ODbL-1.0', 'MIT', 'CC-BY-SA-4.0'])).toBe('CC-BY-SA-4.0 AND ODbL-1.0')
    expect(strictestOf(['Whatever'])).toBeUndefined()
  })
  it('knows Creative Commons by its pages', () => {
    expect(normalLicence(' https://creativecommons.org/licenses/by-nc/4.0/ ')).toBe('CC-BY-NC-4.0')
    expect(normalLicence('https://example.org/terms')).toBe('https://example.org/terms')
  })
  it('takes the strictest answer to each use', () => {
    expect(strictestConsent([{ a: 'allowed', b: 'constrained' }, { a: 'notAllowed', b: 'allowed' }, {}])).toEqual({
      a: 'notAllowed',
      b: 'constrained',
    })
  })
})
