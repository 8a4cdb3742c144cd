import type { Topic } from '../context.ts'
import type { PiiKind } from '../hit.ts'

/** A number that is known by how it is written and by what its digits must satisfy. */
export interface NumberRule {
  readonly kind: PiiKind
  readonly rule: string
  /** Countries that issue it, ISO 3166 alpha-2; none for international ones. */
  readonly regions: readonly string[]
  /**
   * The written forms: `9` a digit, `A` a letter, `X` either; anything else stands for itself. A form is matched by
   * whole words only.
   */
  readonly shapes: readonly string[]
  /** Whether the number, without separators and in capitals (and as it is written), can be one of these. */
  readonly check: (compact: string, written: string) => boolean
  /**
   * How many random numbers of these shapes pass `check`, as a share, at most: the score without context follows from
   * it. A test measures it.
   */
  readonly chance: number
  /** Added to the score for numbers whose length alone says much. */
  readonly bonus?: number
  /** What `check` checks. */
  readonly basis: 'checksum' | 'structure'
  readonly topic: Topic
  /** Phrases of the topic that name this number and no other of its kind: they tell it from look-alikes. */
  readonly own?: ReadonlySet<string>
  /** Whether it was printed as a sample or is a placeholder, and so belongs to nobody. */
  readonly sample?: (compact: string) => boolean
}

/** All shapes that a shape with `X` stands for. */
export const expanded = (shape: string): readonly string[] => {
  const at = shape.indexOf('X')
  if (at < 0) return [shape]
  return ['9', 'A'].flatMap((one) => expanded(shape.slice(0, at) + one + shape.slice(at + 1)))
}

/** How much a form says by itself: letters among the digits or punctuation more than spaces, bare digits nothing. */
const formBonus = (shape: string): number => {
  if (/A/.test(shape) || /[^9A ]/.test(shape)) return 0.3
  return shape.includes(' ') ? 0.15 : 0
}

/** The score without context, from the form and the chance that a random number of that form passes. */
export const scoreAlone = (rule: NumberRule, shape: string): number =>
  Math.min(0.9, 0.05 - 0.2 * Math.log10(rule.chance) + formBonus(shape) + (rule.bonus ?? 0))

/** Added where the caller says which countries the text is about: fewer rules, and theirs likelier. */
export const regionBonus = 0.15

/** Added where the context names this rule's number by its own name. */
export const ownNameBonus = 0.05

/** The score with context or in a column with a telling name. */
export const scoreNear = (rule: NumberRule, shape: string): number =>
  Math.max(rule.basis === 'checksum' ? 0.85 : 0.75, Math.min(0.99, scoreAlone(rule, shape) + 0.2))
