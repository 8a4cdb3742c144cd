/** A format of text: RE2 that the whole value must match, and where that isn't enough an SQL type that must hold it. */
interface Definition {
  readonly pattern: string
  readonly cast?: 'DATE' | 'TIMESTAMPTZ' | 'TIME'
  readonly maxLength?: number
  readonly reference: string
}

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const ipv4 = `(${octet}\\.){3}${octet}`
const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const group = '[0-9A-Fa-f]{1,4}'
const clock = '([01][0-9]|2[0-3]):[0-5][0-9]'
const seconds = '(:[0-5][0-9](\\.[0-9]{1,9})?)?'
const offset = '(Z|z|[+-][0-2][0-9]:?[0-5][0-9])?'

/** All RFC 4291 text forms: eight groups, or fewer around one "::", the last two perhaps as IPv4. */
const ipv6 = [
  `(${group}:){7}(${group}|:)`,
  `(${group}:){6}(:${group}|${ipv4}|:)`,
  ...[5, 4, 3, 2, 1].map(
    (lead) => `(${group}:){${lead}}((:${group}){1,${7 - lead}}|(:${group}){0,${5 - lead}}:${ipv4}|:)`,
  ),
  `:((:${group}){1,7}|(:${group}){0,5}:${ipv4}|:)`,
].join('|')

export const textFormats = {
  date: { pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}', cast: 'DATE', reference: 'ISO 8601, year-month-day' },
  datetime: {
    pattern: `[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]${clock}${seconds}${offset}`,
    cast: 'TIMESTAMPTZ',
    reference: 'RFC 3339; without an offset it is read as UTC',
  },
  time: { pattern: `${clock}${seconds}${offset}`, reference: 'RFC 3339' },
  email: {
    pattern: `${atom}(\\.${atom})*@(${label}\\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]`,
    maxLength: 254,
    reference: 'RFC 5321 without quoted local parts and address literals',
  },
  uri: {
    pattern: "[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+",
    reference: 'RFC 3986, with a scheme',
  },
  uuid: { pattern: '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}', reference: 'RFC 9562' },
  ipv4: { pattern: ipv4, reference: 'RFC 791, dotted decimal without leading zeros' },
  ipv6: { pattern: ipv6, reference: 'RFC 4291' },
  hostname: { pattern: `${label}(\\.${label})*`, maxLength: 253, reference: 'RFC 1123' },
} as const satisfies Readonly<Record<string, Definition>>

export type TextFormat = keyof typeof textFormats

export const textFormatNames = Object.keys(textFormats) as TextFormat[]

export const textFormat = (name: TextFormat): Definition => textFormats[name]
