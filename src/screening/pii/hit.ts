/** What a piece of personal data is. `secret` isn't personal, but leaks the same way. */
export const piiKinds = [
  'email',
  'phone',
  'card',
  'iban',
  'bic',
  'national-id',
  'passport',
  'driver-licence',
  'ip',
  'mac',
  'url',
  'date-of-birth',
  'address',
  'postcode',
  'person',
  'bank-account',
  'vat',
  'crypto-address',
  'geo',
  'secret',
] as const

export type PiiKind = (typeof piiKinds)[number]

export interface PiiHit {
  readonly kind: PiiKind
  /** First UTF-16 unit of the hit. */
  readonly start: number
  /** One past its last UTF-16 unit. */
  readonly end: number
  /** How sure, 0 to 1: `checksum` and context raise it, a look-alike nearby ("order", "version") lowers it. */
  readonly score: number
  /** Which rule found it, for example `es-nif` or `visa`. */
  readonly rule: string
  /** Why: `checksum`, `context: "born"`, `column name` and so on. */
  readonly evidence: readonly string[]
}

export interface PiiOptions {
  /** Kinds to look for; all without. */
  readonly kinds?: readonly PiiKind[]
  /** Hits below this score are left out. Default 0.5. */
  readonly minScore?: number
  /** ISO 3166 alpha-2 codes whose phone numbers, ids and postcodes are looked for; all without. */
  readonly regions?: readonly string[]
  /** Name of the column that the text is a cell of: it counts as context. */
  readonly column?: string
}
