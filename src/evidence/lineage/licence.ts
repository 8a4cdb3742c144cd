/** From the freest to the strictest; each level also asks what the ones before it ask. */
export const strictness = [
  'public domain',
  'permissive',
  'share alike',
  'non-commercial',
  'no derivatives',
  'restricted',
] as const

export type Strictness = (typeof strictness)[number]

/** SPDX identifiers by what they ask, in order: the first that matches holds. Matched without regard to case. */
const families: readonly (readonly [RegExp, Strictness])[] = [
  [/^(cc0-1\.0|pddl-1\.0|unlicense|0bsd|cc-pddc)$/, 'public domain'],
  // Creative Commons asks the same in every version, so a licence that is told without one is known too.
  [/^cc-by(-nc)?-nd(-|$)/, 'no derivatives'],
  [/^cc-by-nc(-sa)?(-|$)/, 'non-commercial'],
  [/^(cc-by-sa(-|$)|odbl-|cdla-sharing-|gpl-|lgpl-|agpl-|mpl-|epl-|eupl-|gfdl-)/, 'share alike'],
  [
    /^(mit|mit-0|isc|zlib|apache-2\.0|bsd-|cc-by$|cc-by-\d|odc-by-|cdla-permissive-|ogl-|python-2\.0|psf-2\.0)/,
    'permissive',
  ],
  [/^(licenseref-.*|none)$/, 'restricted'],
]

const levelOfId = (id: string): number | undefined => {
  const family = families.find(([pattern]) => pattern.test(id.toLowerCase()))
  return family && strictness.indexOf(family[1])
}

const plain = (part: string): string =>
  part
    .replace(/[()]/g, ' ')
    .trim()
    .replace(/\s+WITH\s.*$/i, '')
    .replace(/\+$/, '')

/** A CC licence is often named by its page. */
const fromUrl = (text: string): string => {
  const [, kind, version] =
    /^https?:\/\/creativecommons\.org\/(?:licenses|publicdomain)\/([a-z-]{2,12})\/(\d\.\d)/i.exec(text) ?? []
  if (kind === undefined) return text
  return kind.toLowerCase() === 'zero' ? 'CC0-1.0' : `CC-${kind.toUpperCase()}-${version}`
}

/** An SPDX identifier or expression, trimmed; well-known URLs of Creative Commons as their identifier. */
export const normalLicence = (text: string): string => fromUrl(text.trim())

/**
 * How strict an SPDX expression is, as an index of `strictness`: AND asks for all, OR leaves the choice (then the freest
 * counts). Undefined for NOASSERTION and for identifiers that are not known here: never taken for free.
 */
export const strictnessOf = (expression: string): number | undefined => {
  const all = expression.split(/\s+AND\s+/i).map((part) => {
    const choices = part.split(/\s+OR\s+/i).map((choice) => levelOfId(plain(choice)))
    const known = choices.filter((level) => level !== undefined)
    return known.length === 0 ? undefined : Math.min(...known)
  })
  return all.some((level) => level === undefined) ? undefined : Math.max(...all.map((level) => level ?? 0))
}

/** The strictest of the expressions that are known; of equals all, joined by AND. */
export const strictestOf = (expressions: readonly string[]): string | undefined => {
  const ranked = expressions.flatMap((expression) => {
    const level = strictnessOf(expression)
    return level === undefined ? [] : [{ expression, level }]
  })
  const most = Math.max(...ranked.map(({ level }) => level))
  const top = [...new Set(ranked.filter(({ level }) => level === most).map(({ expression }) => expression))].sort()
  return top.length === 0 ? undefined : top.join(' AND ')
}
