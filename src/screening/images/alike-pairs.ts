import type { ImageFacts } from './image-facts.ts'
import { type NearImages, nearImages } from './near-images.ts'
import type { ImageCheckOptions } from './options.ts'

export interface AlikePair extends NearImages {
  /** Whether the digests agree; then nothing else was looked at. */
  readonly equal: boolean
}

const equalPair = (a: number, b: number): AlikePair => ({ a, b, pHash: 0, dHash: 0, correlation: 1, equal: true })

/** The first image of each digest. */
const firstOf = (facts: readonly ImageFacts[]): ReadonlyMap<string, number> => {
  const first = new Map<string, number>()
  facts.forEach(({ digest }, i) => {
    if (digest !== undefined && !first.has(digest)) first.set(digest, i)
  })
  return first
}

/** Within a set: equal images, each with the first of its kind, and nearly alike ones among those that remain. */
export const pairsWithin = (facts: readonly ImageFacts[], options: ImageCheckOptions): readonly AlikePair[] => {
  const first = firstOf(facts)
  const isFirst = ({ digest }: ImageFacts, i: number): boolean => digest === undefined || first.get(digest) === i
  const equal = facts.flatMap((image, i) =>
    isFirst(image, i) ? [] : [equalPair(first.get(image.digest ?? '') ?? 0, i)],
  )
  const near = nearImages(
    facts.map((image, i) => (isFirst(image, i) ? image.print : undefined)),
    options,
  )
  return [...equal, ...near.map((pair) => ({ ...pair, equal: false }))]
}

/** Across sets: a of `other`, b of `own`; an image that equals one of the other set isn't looked at further. */
export const pairsAcross = (
  other: readonly ImageFacts[],
  own: readonly ImageFacts[],
  options: ImageCheckOptions,
): readonly AlikePair[] => {
  const first = firstOf(other)
  const equal = own.flatMap(({ digest }, b) => {
    const a = digest === undefined ? undefined : first.get(digest)
    return a === undefined ? [] : [equalPair(a, b)]
  })
  const settled = new Set(equal.map(({ b }) => b))
  const prints = [
    ...other.map(({ print }) => print),
    ...own.map(({ print }, b) => (settled.has(b) ? undefined : print)),
  ]
  const between = (a: number, b: number): boolean => a < other.length && b >= other.length
  const near = nearImages(prints, options, between)
  return [...equal, ...near.map((pair) => ({ ...pair, b: pair.b - other.length, equal: false }))]
}
