import type { Answers } from '../answers/answers.ts'
import { type AnswerModel, likeliest } from '../consensus/consensus.ts'
import { withoutThem } from './others.ts'

const leastErrors = 3
const mostCandidates = 100_000
/** Up to so many answers an item, each pair's own answers are left out of what its class is taken to be. */
const fewAnswers = 20
/** A wrong answer that more people gave says something of the item, not of any two of them. */
const mostAlike = 50

/**
 * Pairs of annotators with at least 3 same errors: the same label for an item that the others' answers contradict. In the
 * order of the annotators; the 100,000 pairs with most, should there be more.
 */
export const sameErrorPairs = (answers: Answers, model: AnswerModel): readonly (readonly [number, number])[] => {
  const { items, start, annotator, label, annotators, classes } = answers
  const without = withoutThem(answers, model)
  const posterior = new Float64Array(classes.length)
  const people = annotators.length
  const events: number[] = []
  /** The class of the item without both, or -1; with many answers, without nobody, as two hardly matter. */
  const believed = (item: number, first: number, second: number): number =>
    without(item, first, second, posterior) ? likeliest(posterior, 0, classes.length) : -1
  const compare = (item: number, alike: readonly number[], fixed: number | undefined): void => {
    for (const [i, first] of alike.entries())
      for (const second of alike.slice(i + 1)) {
        const is = fixed ?? believed(item, annotator[first]!, annotator[second]!)
        if (is >= 0 && is !== label[first]) events.push(annotator[first]! * people + annotator[second]!)
      }
  }
  for (let i = 0; i < items.length; i++) {
    const size = start[i + 1]! - start[i]!
    const fixed = size > fewAnswers ? believed(i, -1, -1) : undefined
    const byLabel = new Map<number, number[]>()
    for (let a = start[i]!; a < start[i + 1]!; a++) {
      // Of one annotator's answers to the item the first counts.
      if (a > start[i]! && annotator[a] === annotator[a - 1]) continue
      if (label[a] === fixed) continue
      const alike = byLabel.get(label[a]!)
      if (alike === undefined) byLabel.set(label[a]!, [a])
      else alike.push(a)
    }
    for (const alike of byLabel.values()) if (alike.length > 1 && alike.length <= mostAlike) compare(i, alike, fixed)
  }
  return frequent(Float64Array.from(events).sort(), people)
}

const frequent = (keys: Float64Array, people: number): readonly (readonly [number, number])[] => {
  const runs: { readonly key: number; readonly times: number }[] = []
  for (let at = 0; at < keys.length; ) {
    let next = at + 1
    while (next < keys.length && keys[next] === keys[at]) next++
    if (next - at >= leastErrors) runs.push({ key: keys[at]!, times: next - at })
    at = next
  }
  return runs
    .sort((a, b) => b.times - a.times || a.key - b.key)
    .slice(0, mostCandidates)
    .sort((a, b) => a.key - b.key)
    .map(({ key }) => [Math.floor(key / people), key % people] as const)
}
