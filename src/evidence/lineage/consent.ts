import type { Consent, Permission } from '../../contract/data-record.ts'

const order: readonly Permission[] = ['allowed', 'constrained', 'notAllowed']

/** "c2pa.ai_training" and "cawg.ai_training" are the use ai_training. */
export const useOf = (key: string): string => key.replace(/^(c2pa|cawg)\./, '')

/** The strictest answer to each use that any of them answers. What nobody answers stays open. */
export const strictestConsent = (consents: readonly Consent[]): Consent => {
  const strictest = new Map<string, Permission>()
  for (const [use, permission] of consents.flatMap((consent) => Object.entries(consent))) {
    const known = strictest.get(use)
    if (known === undefined || order.indexOf(permission) > order.indexOf(known)) strictest.set(use, permission)
  }
  return Object.fromEntries([...strictest].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Answers by use: where two vocabularies answer to one use, the stricter holds. */
export const consentByUse = (consent: Consent): Consent =>
  strictestConsent(Object.entries(consent).map(([key, permission]) => ({ [useOf(key)]: permission })))
