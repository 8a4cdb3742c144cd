import { BartizanError } from './errors.ts'

/** A read-only table of definitions by key. Building it with a key twice is an error: silent replacement hides mistakes. */
export const registry = <K extends string, T>(
  what: string,
  definitions: readonly T[],
  keyOf: (definition: T) => K | readonly K[],
): ReadonlyMap<K, T> => {
  const table = new Map<K, T>()
  for (const definition of definitions)
    for (const key of [keyOf(definition)].flat() as K[]) {
      if (table.has(key)) throw new BartizanError('INTERNAL', `${what} "${key}" is registered twice`)
      table.set(key, definition)
    }
  return table
}

/** The known name nearest to a mistyped one (Damerau-Levenshtein, at most a third of its length away), if any. */
export const nearest = (typed: string, known: Iterable<string>): string | undefined => {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(typed.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(typed.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

const editDistance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, substitution)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      rows[i]![j] = best
    }
  }
  return rows[a.length]![b.length]!
}
