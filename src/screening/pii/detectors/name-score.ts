import { isDoubtful, isFamily, isGiven, isNoName } from '../words/name-index.ts'
import type { Part } from './name-parts.ts'

export interface Verdict {
  readonly score: number
  readonly evidence: readonly string[]
}

export const sure = (bits: number, wanted: number): boolean => (bits & wanted) !== 0 && !(bits & isDoubtful)

/** How likely the parts are one person's name by themselves. */
export const judge = (parts: readonly Part[]): Verdict => {
  const full = parts.filter(({ initial, particle }) => !initial && !particle)
  const [one] = full
  const last = full.at(-1)
  if (!one || !last) return { score: 0, evidence: [] }
  if (full.length === 1) {
    if (parts.length > 1 && one.bits & isFamily && parts[0]!.initial)
      return { score: one.bits & isDoubtful ? 0.45 : 0.6, evidence: ['initial', 'family name'] }
    if (parts.length > 1 && parts[0]!.initial && one.ending)
      return { score: 0.55, evidence: ['initial', 'family name ending'] }
    return sure(one.bits, isGiven)
      ? { score: 0.3, evidence: ['given name alone'] }
      : { score: one.bits & (isGiven | isFamily) ? 0.15 : 0, evidence: [] }
  }

  if (sure(one.bits, isGiven)) {
    if (sure(last.bits, isFamily)) return { score: 0.9, evidence: ['given name', 'family name'] }
    if (last.bits & isFamily || last.ending)
      return { score: 0.8, evidence: ['given name', last.ending ? 'family name ending' : 'family name'] }
    return { score: last.bits & isGiven ? 0.6 : 0.65, evidence: ['given name', 'capital'] }
  }
  if (one.bits & isGiven) {
    if (sure(last.bits, isFamily)) return { score: 0.7, evidence: ['given name', 'family name'] }
    if (last.ending) return { score: 0.6, evidence: ['given name', 'family name ending'] }
    return last.bits & isFamily
      ? { score: 0.45, evidence: ['given name', 'family name'] }
      : { score: 0.3, evidence: ['given name'] }
  }
  if (sure(one.bits, isFamily) && sure(last.bits, isGiven))
    return { score: 0.75, evidence: ['family name', 'given name'] }
  if (sure(last.bits, isFamily)) return { score: 0.5, evidence: ['family name'] }
  // "Maurits van der Ven": hardly anything else is written so.
  if (
    parts.filter(({ particle }) => particle).length > 1 &&
    parts.length > 3 &&
    !(one.bits & isNoName) &&
    !parts[0]!.particle
  )
    return { score: 0.6, evidence: ['particles'] }
  if (last.strong && !(one.bits & (isDoubtful | isNoName)) && one.end < last.start)
    return { score: 0.55, evidence: ['family name ending'] }
  if (last.ending && one.bits === 0) return { score: 0.35, evidence: ['family name ending'] }
  return { score: 0.1, evidence: [] }
}
