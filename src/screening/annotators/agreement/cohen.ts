import { stream } from '../../../base/random.ts'
import { type Answers, type ByAnnotator, byAnnotator } from '../answers/answers.ts'
import { type BootstrapOptions, bootstrap, groupedSums, type Resampled } from './bootstrap.ts'

/** Two annotators and the labels that each gave to the items that both answered; of repeated answers the first. */
export interface Shared {
  readonly first: number
  readonly second: number
  readonly labels: readonly (readonly [number, number])[]
}

/** The items that two annotators both answered, by merging their lists, which are in the order of the items. */
const sharedBy = ({ item, label }: Answers, { start, list }: ByAnnotator, first: number, second: number): Shared => {
  const labels: (readonly [number, number])[] = []
  let [i, j] = [start[first]!, start[second]!]
  let last = -1
  while (i < start[first + 1]! && j < start[second + 1]!) {
    const [a, b] = [list[i]!, list[j]!]
    if (item[a] === item[b]) {
      if (item[a] !== last) labels.push([label[a]!, label[b]!])
      last = item[a]!
      i++
      j++
    } else if (item[a]! < item[b]!) i++
    else j++
  }
  return { first, second, labels }
}

const busiest = 20

/**
 * The pairs of annotators who share most items, at most `most`, among the twenty annotators with most answers: kappas of
 * all pairs of thousands would tell nothing.
 */
export const sharedMost = (answers: Answers, most: number): readonly Shared[] => {
  const people = byAnnotator(answers)
  const given = (w: number): number => people.start[w + 1]! - people.start[w]!
  const chosen = answers.annotators
    .map((_, w) => w)
    .sort((a, b) => given(b) - given(a) || a - b)
    .slice(0, busiest)
    .sort((a, b) => a - b)
  const pairs = chosen.flatMap((first, i) =>
    chosen.slice(i + 1).map((second) => sharedBy(answers, people, first, second)),
  )
  return pairs
    .filter(({ labels }) => labels.length > 0)
    .sort((a, b) => b.labels.length - a.labels.length)
    .slice(0, most)
}

/** From the sum of weights of disagreement, the pairs, and both annotators' counts of each class. */
const kappaOf =
  (classes: number, weight: (c: number, k: number) => number) =>
  (sums: Float64Array): number | undefined => {
    let expected = 0
    for (let c = 0; c < classes; c++)
      for (let k = 0; k < classes; k++) expected += weight(c, k) * sums[2 + c]! * sums[2 + classes + k]!
    return expected > 0 ? 1 - (sums[0]! * sums[1]!) / expected : undefined
  }

/**
 * Cohen's kappa of two annotators (1960; weighted: 1968), with a bootstrap interval over the items that both answered.
 * `weight` is the disagreement of two labels, by default 1 for any two. Undefined where both gave one and the same label
 * throughout.
 */
export const cohenKappa = (
  { first, second, labels }: Shared,
  classes: number,
  {
    weight = (c, k) => (c === k ? 0 : 1),
    ...options
  }: BootstrapOptions & {
    readonly weight?: (c: number, k: number) => number
  } = {},
): Resampled => {
  const name = `cohen ${first} ${second}`
  const random = stream(options.seed ?? 0, 'groups', name)
  // Only classes that either gave: with many classes the table of the two would be mostly empty.
  const used = [...new Set(labels.flat())].filter((c) => c < classes).sort((a, b) => a - b)
  const place = new Map(used.map((c, i) => [c, i]))
  const sums = groupedSums(labels.length, 2 + 2 * used.length, random, (unit, values, from) => {
    const [c, k] = labels[unit]!
    values[from]! += weight(c, k)
    values[from + 1]!++
    values[from + 2 + place.get(c)!]!++
    values[from + 2 + used.length + place.get(k)!]!++
  })
  return bootstrap(
    name,
    sums,
    kappaOf(used.length, (c, k) => weight(used[c]!, used[k]!)),
    options,
  )
}
