import { type Content, latin1, windowsOf } from '../content.ts'
import type { LocalHeader } from './zip-data.ts'
import type { ZipMember } from './zip-members.ts'

/** A member and where its header and data lie. */
export interface Placed {
  readonly member: ZipMember
  readonly at: number
  readonly local: LocalHeader
  readonly end: number
}

export interface Gap {
  readonly start: number
  readonly end: number
}

/** Bytes before `end` that no member covers. A data descriptor of up to 24 bytes may follow a member. */
export const gapsOf = (placed: readonly Placed[], end: number): readonly Gap[] => {
  const gaps: Gap[] = []
  let covered = 0
  for (const { at, end: until, local } of [...placed].sort((a, b) => a.at - b.at)) {
    if (at > covered) gaps.push({ start: covered, end: at })
    covered = Math.max(covered, until + ((local.flags & 8) === 8 ? 24 : 0))
  }
  if (end > covered) gaps.push({ start: covered, end })
  return gaps
}

/** The first two members that share bytes, which is how small archives inflate without bounds (Fifield, WOOT 2019). */
export const overlapOf = (placed: readonly Placed[]): readonly [Placed, Placed] | undefined => {
  const sorted = [...placed].sort((a, b) => a.at - b.at)
  for (let i = 1; i < sorted.length; i++) {
    const [before, after] = [sorted[i - 1]!, sorted[i]!]
    if (after.at < before.end) return [before, after]
  }
  return undefined
}

/** Where members seem to begin within a gap; at most `most`. */
export const headersIn = (content: Content, { start, end }: Gap, most: number): readonly number[] => {
  const found: number[] = []
  for (const { at, bytes } of windowsOf(content, start, end, 3)) {
    const text = latin1(bytes)
    for (let i = text.indexOf('PK\x03\x04'); i >= 0 && found.length < most; i = text.indexOf('PK\x03\x04', i + 4))
      if (found.at(-1) !== at + i) found.push(at + i)
    if (found.length >= most) break
  }
  return found
}
