import type { Draws } from './draws.ts'

/** In the blocks that no host has: 198.18.0.0/15 (RFC 2544) and 2001:db8::/32 (RFC 3849). */
export const fakeIp = (value: string, draws: Draws): string => {
  if (!value.includes(':')) return `198.${18 + draws.integer(2)}.${draws.integer(256)}.${1 + draws.integer(254)}`
  const groups = Array.from({ length: 6 }, () => (1 + draws.integer(0xffff)).toString(16))
  return `2001:db8:${groups.join(':')}`
}

/** A locally administered address in the same notation. */
export const fakeMac = (value: string, draws: Draws): string => {
  let digit = 0
  const drawn = value.replace(/[0-9a-f]/gi, () => (digit++ === 1 ? '2' : draws.integer(16).toString(16)))
  return /[A-F]/.test(value) ? drawn.toUpperCase() : drawn
}

export const fakeUrl = (value: string, draws: Draws): string => {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value)?.[0] ?? 'https://'
  return `${scheme}example.com/${Array.from({ length: 12 }, () => draws.integer(16).toString(16)).join('')}`
}

/** The same whole degrees, other fractions. */
export const fakeGeo = (value: string, draws: Draws): string =>
  value.replace(/\.(\d+)/g, (_, fraction: string) => `.${draws.digits(fraction.length)}`)

/** Another day that exists, in the same notation, at most three years away. */
export const fakeDate = (value: string, draws: Draws): string => {
  const shift = draws.integer(7) - 3
  const [day, month] = [1 + draws.integer(28), 1 + draws.integer(12)]
  const padded = (n: number, like: string) => String(n).padStart(like.length, '0')
  let small = 0
  const first = /^\D*(\d+)/.exec(value)?.[1] ?? ''
  return value.replace(/\d+/g, (part) => {
    if (part.length === 4) return String(Math.min(2099, Math.max(1900, Number(part) + shift)))
    if (part.length === 8) return `${Number(part.slice(0, 4)) + shift}${padded(month, '00')}${padded(day, '00')}`
    if (part.length > 2) return part
    small++
    if (small > 2) return padded((Number(part) + shift + 100) % 100, part)
    // Year first: month, then day. Else both at most 12, so that the order doesn't matter.
    return padded(first.length === 4 && small === 2 ? day : 1 + ((small === 1 ? month : day) % 12), part)
  })
}

/** Within five years, never above 89 (what lies above is rare). */
export const fakeAge = (value: string, draws: Draws): string =>
  value.replace(/\d{1,3}/, (years) => String(Math.min(89, Math.max(0, Number(years) + draws.integer(11) - 5))))
