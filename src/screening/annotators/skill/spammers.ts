import { median } from '../../../stats/index.ts'
import { adjustedPValues } from '../../../stats/two-sample/index.ts'
import { type Answers, byAnnotator } from '../answers/answers.ts'
import { type MatchTest, matchTest } from './matches.ts'
import type { Opinion } from './others.ts'
import { lowerTail } from './poisson-binomial.ts'

/** `contrary`: worse than chance, as one who reverses labels. `weak`: above chance, but far from what the others do. */
export type SkillVerdict = 'useful' | 'weak' | 'spammer' | 'contrary' | 'cannot-tell'

export interface SkillTest extends MatchTest {
  /** Answers to items that somebody else answered too. */
  readonly compared: number
  /** Share of skill between chance, 0, and always what the others believe, 1; undefined where chance would do as well. */
  readonly aboveChance: number | undefined
  /** How likely so few matches are for an annotator of half the crowd's skill. */
  readonly halfSkill: number
  readonly adjusted: number
  readonly verdict: SkillVerdict
}

export interface SkillTests {
  readonly each: readonly SkillTest[]
  /** The skill above chance of the median annotator, undefined where none can be told. */
  readonly crowd: number | undefined
}

interface Compared {
  readonly labels: Uint32Array
  readonly believed: Uint32Array
  readonly confidence: Float64Array
  readonly matches: number
  /** P(one of the annotator's labels, taken at random, is what others believe) of each answer. */
  readonly chance: Float64Array
  readonly aboveChance: number | undefined
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

const compare = (answers: Answers, { believed, confidence }: Opinion, mine: Uint32Array): Compared => {
  const used = mine.filter((a) => believed[a]! >= 0)
  const labels = used.map((a) => answers.label[a]!)
  const share = new Map<number, number>()
  for (const label of labels) share.set(label, (share.get(label) ?? 0) + 1 / labels.length)
  const theirs = used.map((a) => believed[a]!)
  const sure = Float64Array.from(used, (a) => confidence[a]!)
  const chance = Float64Array.from(theirs, (k) => share.get(k) ?? 0)
  const matches = labels.reduce((n, label, i) => n + (label === theirs[i] ? 1 : 0), 0)
  const room = sum(sure) - sum(chance)
  const aboveChance = room > 1e-9 ? Math.max(-1, Math.min(1, (matches - sum(chance)) / room)) : undefined
  return { labels, believed: theirs, confidence: sure, matches, chance, aboveChance }
}

const enough = 10

/** The median skill of those with 10 answers, or of all where nobody has as many. */
const crowdSkill = (all: readonly Compared[]): number | undefined => {
  const of = (least: number): readonly number[] =>
    all.flatMap(({ labels, aboveChance }) => (labels.length >= least && aboveChance !== undefined ? [aboveChance] : []))
  const values = of(enough).length > 0 ? of(enough) : of(1)
  return values.length === 0 ? undefined : median(values)
}

const verdictOf = ({ above, below }: MatchTest, adjusted: number, rate: number): SkillVerdict => {
  if (adjusted > rate) return above <= 0.05 ? 'useful' : 'cannot-tell'
  if (below <= 0.05) return 'contrary'
  return above <= 0.05 ? 'weak' : 'spammer'
}

/**
 * Who has no skill. Each answer is compared with what the others' answers to its item make likeliest. Two tests of an
 * annotator: are there more matches than their own labels in random order would make (`above`), and could one with half
 * the crowd's skill above chance match so rarely (`halfSkill`: each match has the probability of an annotator who knows
 * the class with that probability and else draws one of their own labels)? The second controls false discoveries over
 * annotators (Benjamini and Hochberg 1995) at `rate`; who fails it and isn't above chance is a spammer. Few answers, or a
 * crowd that doesn't agree beyond chance (`agrees`), tell nothing.
 */
export const skillTests = (
  answers: Answers,
  opinion: Opinion,
  { rate, agrees }: { readonly rate: number; readonly agrees: boolean },
): SkillTests => {
  const people = byAnnotator(answers)
  const compared = answers.annotators.map((_, w) =>
    compare(answers, opinion, people.list.subarray(people.start[w]!, people.start[w + 1]!)),
  )
  const crowd = crowdSkill(compared)
  // Against a crowd of guesses nobody can be measured: then no one is accused.
  const half = agrees ? Math.max(0, crowd ?? 0) / 2 : 0
  const halfSkill = compared.map(({ confidence, chance, matches }) =>
    half === 0
      ? 1
      : lowerTail(
          confidence.map((t, i) => half * t + (1 - half) * chance[i]!),
          matches,
        ),
  )
  const adjusted = adjustedPValues(halfSkill)
  const each = compared.map(({ labels, believed, aboveChance }, w): SkillTest => {
    const test = matchTest(labels, believed)
    return {
      ...test,
      compared: labels.length,
      aboveChance,
      halfSkill: halfSkill[w]!,
      adjusted: adjusted[w]!,
      verdict: verdictOf(test, adjusted[w]!, rate),
    }
  })
  return { each, crowd }
}
