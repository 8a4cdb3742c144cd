import type { ValueKind } from './canonical.ts'
import { masked } from './mask.ts'

const yearOnly = (value: string): string => {
  const full = /(?<!\d)(?:1[89]|20)\d\d(?!\d)/.exec(value)
  return full === null ? masked(value) : full[0]
}

/** 37 becomes 30-39; from 90 on 90+, since so few are that old (HIPAA, 45 CFR 164.514(b)(2)). */
const ageBand = (value: string): string => {
  const years = /^\s*(\d{1,3})\s*$/.exec(value)
  if (years === null) return value
  const low = Math.floor(Number(years[1]) / 10) * 10
  return low >= 90 ? '90+' : `${low}-${low + 9}`
}

const network = (value: string, after: string): string => {
  const v4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})$/.exec(value)
  if (v4 !== null) return v4[2] === '0' && after.startsWith('/24') ? value : `${v4[1]}.0/24`
  const groups = value.split(':')
  if (groups.length < 3 || value.startsWith('::')) return masked(value)
  if (after.startsWith('/48')) return value
  return `${groups.slice(0, 3).join(':').replace(/:+$/, '')}::/48`
}

/** The outward part of a code in two parts (SW1A 1AA); else the first two fifths, the rest masked. */
const area = (value: string): string => {
  const [outward, inward, ...more] = value.trim().split(/[\s-]+/)
  if (outward && inward && more.length === 0 && /[A-Za-z]/.test(value)) return outward
  const keep = Math.max(1, Math.floor(value.length * 0.4))
  return value.slice(0, keep) + masked(value.slice(keep))
}

/** About 11 kilometres. */
const coarse = (value: string): string => value.replace(/(\d{1,3}\.\d)\d+/g, '$1')

const callingCode = (value: string): string => {
  const code = /^\+\d{1,2}(?=[\s.(-])/.exec(value)?.[0] ?? ''
  return code + masked(value.slice(code.length))
}

const origin = (value: string): string => /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+/i.exec(value)?.[0] ?? masked(value)

/** A value made less exact; what has no coarser form is masked. `after` is the text that follows it. */
export const generalised = (value: string, kind: ValueKind, after = ''): string => {
  switch (kind) {
    case 'date-of-birth':
      return yearOnly(value)
    case 'age':
      return ageBand(value)
    case 'ip':
      return network(value, after)
    case 'postcode':
      return area(value)
    case 'geo':
      return coarse(value)
    case 'phone':
      return callingCode(value)
    case 'email':
      return `*${value.slice(value.lastIndexOf('@'))}`
    case 'url':
      return origin(value)
    case 'card':
      return value.replace(/^((?:\d[ -]?){6})(.*)$/s, (_, issuer: string, rest: string) => issuer + masked(rest))
    case 'iban':
      return value.slice(0, 2) + masked(value.slice(2))
    case 'person':
      return value.replace(/(\p{L})[\p{L}\p{M}'’-]*/gu, '$1.')
    case 'address':
      return value.replace(/\d/g, '*')
    default:
      return masked(value)
  }
}
