import type { AnnotatorSummary } from '../../contract/annotations.ts'
import type { Answers } from './answers/answers.ts'
import { goldFigure, goldTallies } from './gold.ts'
import { accuracyFigure, talliesOf } from './skill/accuracy.ts'
import type { Collusions } from './skill/colluders.ts'
import type { SkillTests } from './skill/spammers.ts'

const mostPartners = 20

/** How an annotator is accused, the worst first: the order in which they are told. */
const gravity: Readonly<Record<AnnotatorSummary['verdict'], number>> = {
  contrary: 0,
  spammer: 1,
  weak: 2,
  'cannot-tell': 3,
  useful: 3,
}

const partnersOf = ({ found }: Collusions): ReadonlyMap<number, readonly number[]> => {
  const partners = new Map<number, number[]>()
  for (const { first, second } of found) {
    partners.set(first, [...(partners.get(first) ?? []), second])
    partners.set(second, [...(partners.get(second) ?? []), first])
  }
  return partners
}

/** Annotators in the order in which they are told, and what is known of any of them. */
export interface Summaries {
  readonly order: readonly number[]
  of(annotator: number): AnnotatorSummary
}

/** Accused annotators first, then by accuracy, then as they were met. A summary, with its intervals, is made when asked for. */
export const annotatorSummaries = (
  answers: Answers,
  posterior: Float64Array,
  { each }: SkillTests,
  collusions: Collusions,
): Summaries => {
  const gold = goldTallies(answers)
  const partners = partnersOf(collusions)
  const tallies = talliesOf(answers, posterior)
  const rank = (w: number): number =>
    partners.has(w) ? Math.min(2, gravity[each[w]!.verdict]) : gravity[each[w]!.verdict]
  const share = (w: number): number => tallies[w]!.right / tallies[w]!.answers
  return {
    order: answers.annotators.map((_, w) => w).sort((a, b) => rank(a) - rank(b) || share(a) - share(b) || a - b),
    of: (w) => {
      const test = each[w]!
      return {
        id: answers.annotators[w]!,
        answers: tallies[w]!.answers,
        accuracy: accuracyFigure(tallies[w]!),
        aboveChance: test.aboveChance ?? null,
        compared: test.compared,
        pAboveChance: test.above,
        pHalfSkill: test.halfSkill,
        adjusted: test.adjusted,
        verdict: test.verdict,
        gold: goldFigure(gold[w]!),
        colludesWith: (partners.get(w) ?? []).slice(0, mostPartners).map((other) => answers.annotators[other]!),
      }
    },
  }
}
