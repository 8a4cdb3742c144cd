import { columnKinds } from './columns.ts'
import type { Detector } from './detector.ts'
import type { PiiHit, PiiKind, PiiOptions } from './hit.ts'
import { withoutOverlaps } from './overlap.ts'
import { detectors } from './registry.ts'
import { type Scan, scanOf } from './scan.ts'

const unnamed: ReadonlyMap<PiiKind, number> = new Map()

const hitsOf = (chosen: readonly Detector[], scan: Scan, minScore: number): readonly PiiHit[] => {
  const hits: PiiHit[] = []
  for (const { find } of chosen) find(scan, (hit) => hit.score >= minScore && hits.push(hit), minScore)
  return hits
}

/**
 * Personal data in a text, in order and without overlaps: of two hits that overlap the better one stays (the higher
 * score, then the longer). One pass finds the words and the few places worth a closer look; detectors look there only,
 * in time linear in the text. Offsets are UTF-16 units.
 *
 * With `kinds` the answer is that without them, less the other kinds: a card number is no telephone number because
 * nobody asked for cards. So the detectors of other kinds are run only where one of those asked for has found something.
 */
export const findPii = (text: string, options: PiiOptions = {}): readonly PiiHit[] => {
  const { column, regions, minScore = 0.5, kinds } = options
  const named = column === undefined ? unnamed : new Map(columnKinds(column).map(({ kind, score }) => [kind, score]))
  const scan = scanOf(text, named, regions, column)
  if (kinds === undefined) return withoutOverlaps(hitsOf(detectors, scan, minScore))
  const asked = new Set<PiiKind>(kinds)
  const isAsked = (detector: Detector): boolean => detector.kinds.some((kind) => asked.has(kind))
  const found = hitsOf(detectors.filter(isAsked), scan, minScore)
  if (!found.some(({ kind }) => asked.has(kind))) return []
  const others = detectors.filter((detector) => !isAsked(detector))
  return withoutOverlaps([...found, ...hitsOf(others, scan, minScore)]).filter(({ kind }) => asked.has(kind))
}
