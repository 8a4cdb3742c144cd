import { columnKinds } from './columns.ts'
import type { PiiHit, PiiKind, PiiOptions } from './hit.ts'
import { withoutOverlaps } from './overlap.ts'
import { detectors } from './registry.ts'
import { scanOf } from './scan.ts'

/**
 * Personal data in a text, in order and without overlaps: of two hits that overlap the better one stays (the higher
 * score, then the longer). One pass finds the words and the few places worth a closer look; detectors look there only,
 * in time linear in the text. Offsets are UTF-16 units.
 */
export const findPii = (text: string, options: PiiOptions = {}): readonly PiiHit[] => {
  const minScore = options.minScore ?? 0.5
  const kinds = options.kinds && new Set<PiiKind>(options.kinds)
  const column = new Map(options.column === undefined ? [] : columnKinds(options.column).map((c) => [c.kind, c.score]))
  const scan = scanOf(text, column, options.regions, options.column)
  const hits: PiiHit[] = []
  for (const { find } of detectors) find(scan, (hit) => hit.score >= minScore && hits.push(hit), minScore)
  const kept = withoutOverlaps(hits)
  return kinds ? kept.filter((hit) => kinds.has(hit.kind)) : kept
}
