import type { Random } from '../../base/random.ts'

/** Milliseconds before the first repetition, doubled for each one after it. */
const first = 250

/** Exponential back-off with jitter: between half of 250 ms x 2^attempt and all of it, at most `longest` milliseconds. */
export const backOff = (attempt: number, longest: number, random: Random): number =>
  Math.min(longest, first * 2 ** attempt) * (0.5 + 0.5 * random.uniform())

/** Milliseconds that a Retry-After header asks for (RFC 9110, section 10.2.3): seconds, or a date. */
export const retryAfterOf = (header: string | null, now: number): number | undefined => {
  if (header === null) return undefined
  const written = header.trim()
  if (/^\d{1,9}$/.test(written)) return Number(written) * 1000
  const date = Date.parse(written)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
