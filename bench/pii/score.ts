import { findPii, type PiiHit, type PiiKind, type PiiOptions, piiKinds } from '../../src/screening/pii/index.ts'
import { wilson } from '../../src/stats/index.ts'
import type { Document, Label } from './document.ts'

/** Kinds whose ends are a matter of taste: a hit counts that shares at least half of the text of both. */
const loose: ReadonlySet<PiiKind> = new Set(['person', 'address'])

const matches = (kind: PiiKind, hit: PiiHit, start: number, end: number): boolean => {
  if (!loose.has(kind)) return hit.start === start && hit.end === end
  const shared = Math.min(hit.end, end) - Math.max(hit.start, start)
  return shared * 2 >= Math.max(hit.end, end) - Math.min(hit.start, start)
}

export const isFound = (text: string, { kind, start, end }: Label, options: PiiOptions = {}): boolean =>
  findPii(text, options).some((hit) => hit.kind === kind && matches(kind, hit, start, end))

export interface Count {
  right: number
  hits: number
  found: number
  labels: number
  foundAlone: number
  labelsAlone: number
}

export interface Scored {
  readonly counts: ReadonlyMap<PiiKind, Count>
  readonly missed: readonly string[]
  readonly wrong: readonly string[]
}

/** Counts hits and labels of every kind over the documents, and keeps what was missed and what was wrongly found. */
export const scored = (documents: readonly Document[]): Scored => {
  const counts = new Map<PiiKind, Count>(
    piiKinds.map((kind) => [kind, { right: 0, hits: 0, found: 0, labels: 0, foundAlone: 0, labelsAlone: 0 }]),
  )
  const missed: string[] = []
  const wrong: string[] = []
  for (const { text, labels, context } of documents) {
    const hits = findPii(text)
    for (const { kind, start, end, what } of labels) {
      const count = counts.get(kind)!
      const found = hits.some((hit) => hit.kind === kind && matches(kind, hit, start, end))
      count.labels++
      if (found) count.found++
      if (!context) {
        count.labelsAlone++
        if (found) count.foundAlone++
      }
      if (!found)
        missed.push(
          `${kind}\t${what}\t${text.slice(start, end)}\t${JSON.stringify(text)}\t${hits.map((hit) => `${hit.kind}:${hit.rule}:${text.slice(hit.start, hit.end)}`)}`,
        )
    }
    for (const hit of hits) {
      const count = counts.get(hit.kind)!
      // A postcode or a place inside a labelled address is part of it.
      if (
        hit.kind === 'postcode' &&
        labels.some(({ kind, start, end }) => kind === 'address' && hit.start < end && hit.end > start)
      )
        continue
      count.hits++
      if (labels.some(({ kind, start, end }) => kind === hit.kind && matches(kind, hit, start, end))) count.right++
      else
        wrong.push(
          `${hit.kind}\t${hit.rule}\t${hit.score.toFixed(2)}\t${text.slice(hit.start, hit.end)}\t${JSON.stringify(text)}`,
        )
    }
  }
  return { counts, missed, wrong }
}

/** A share with its 95 % Wilson interval, or a dash without cases. */
export const share = (k: number, n: number): string => {
  if (n === 0) return '-'
  const { low, high } = wilson(k, n)
  return `${(k / n).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
}

export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  return [
    line(rows[0]!),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.slice(1).map(line),
  ].join('\n')
}
