import { namedColumn } from './columns.ts'
import type { Detector } from './detector.ts'
import type { PiiHit, PiiKind, PiiOptions } from './hit.ts'
import { withoutOverlaps } from './overlap.ts'
import { detectors } from './registry.ts'
import { type Scan, scanOf, wordBuffers } from './scan.ts'

const unnamed = { scores: new Map<PiiKind, number>(), joined: '' }
const nothing: readonly PiiHit[] = []

/** Which detectors are run: those of the kinds asked for, and the others where those have found something. */
interface Plan {
  readonly list: readonly PiiKind[]
  readonly asked: ReadonlySet<PiiKind>
  readonly first: readonly Detector[]
  readonly others: readonly Detector[]
}

const planOf = (list: readonly PiiKind[]): Plan => {
  const asked = new Set(list)
  const isAsked = ({ kinds }: Detector): boolean => kinds.some((kind) => asked.has(kind))
  return {
    list: [...list],
    asked,
    first: detectors.filter(isAsked),
    others: detectors.filter((detector) => !isAsked(detector)),
  }
}

/** The plan of the last question: a table asks the same one for each of its cells. */
let lastPlan: Plan = planOf([])

const planFor = (list: readonly PiiKind[]): Plan => {
  const known = lastPlan.list
  if (known.length !== list.length || !known.every((kind, i) => kind === list[i])) lastPlan = planOf(list)
  return lastPlan
}

const hitsOf = (chosen: readonly Detector[], scan: Scan, minScore: number): readonly PiiHit[] => {
  let hits: PiiHit[] | undefined
  const emit = (hit: PiiHit): void => {
    if (hit.score < minScore) return
    hits ??= []
    hits.push(hit)
  }
  for (const { find } of chosen) find(scan, emit, minScore)
  return hits ?? nothing
}

/** Words of short texts go here, text after text; a long text gets arrays of its own. */
const shared = wordBuffers(2048)
const longestShared = 2000

/** The scan of a text under the options; good until the next one is made. */
export const scanFor = (text: string, { column, regions }: PiiOptions): Scan => {
  const { scores, joined } = column === undefined ? unnamed : namedColumn(column)
  return scanOf(text, scores, regions, joined, text.length < longestShared ? shared : undefined)
}

/** Hits in a scanned text, all kinds or some. */
export const hitsIn = (scan: Scan, { kinds, minScore = 0.5 }: PiiOptions): readonly PiiHit[] => {
  if (scan.count === 0 && scan.text.length === 0) return nothing
  if (kinds === undefined) return withoutOverlaps(hitsOf(detectors, scan, minScore))
  const { asked, first, others } = planFor(kinds)
  const found = hitsOf(first, scan, minScore)
  if (found.length === 0 || !found.some(({ kind }) => asked.has(kind))) return nothing
  return withoutOverlaps([...found, ...hitsOf(others, scan, minScore)]).filter(({ kind }) => asked.has(kind))
}

/**
 * Personal data in a text, in order and without overlaps: of two hits that overlap the better one stays (the higher
 * score, then the longer). One pass finds the words and the few places worth a closer look; detectors look there only,
 * in time linear in the text. Offsets are UTF-16 units.
 *
 * With `kinds` the answer is that without them, less the other kinds: a card number is no telephone number because
 * nobody asked for cards. So the detectors of other kinds are run only where one of those asked for has found something.
 */
export const findPii = (text: string, options: PiiOptions = {}): readonly PiiHit[] =>
  hitsIn(scanFor(text, options), options)
