import type { PiiKind } from '../../pii/index.ts'

export type ValueKind = PiiKind | 'age'

/** Kinds that are written with or without spaces, dots and hyphens. */
const grouped: ReadonlySet<ValueKind> = new Set<ValueKind>([
  'phone',
  'card',
  'iban',
  'bic',
  'national-id',
  'passport',
  'driver-licence',
  'mac',
  'postcode',
  'bank-account',
  'vat',
])
const caseMatters: ReadonlySet<ValueKind> = new Set<ValueKind>(['crypto-address', 'secret', 'url'])

/**
 * One form for all spellings of a value, so that digests and surrogates of it agree: NFKC, lower case, white space
 * trimmed, and the separators of grouped numbers left out.
 */
export const canonical = (value: string, kind: ValueKind): string => {
  const text = value.normalize('NFKC').trim()
  const plain = grouped.has(kind) ? text.replace(/[\s.\-\u2010-\u2015/()]/gu, '') : text.replace(/\s+/gu, ' ')
  return caseMatters.has(kind) ? plain : plain.toLowerCase()
}
