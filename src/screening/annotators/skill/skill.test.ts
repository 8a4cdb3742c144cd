import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { agreesBeyondChance } from '../agreement/krippendorff.ts'
import { type Answers, answersOf } from '../answers/answers.ts'
import { answersByAnnotator, toyAnswers } from '../answers/testing.ts'
import { fitRates } from '../consensus/consensus-by.ts'
import { goldFigure, goldTallies } from '../gold.ts'
import { accuracyFigure, talliesOf } from './accuracy.ts'
import { colluders } from './colluders.ts'
import { matchTest } from './matches.ts'
import { opinionOfOthers, withoutThem } from './others.ts'
import { lowerTail, upperTail } from './poisson-binomial.ts'
import { skillTests } from './spammers.ts'

interface Crowd {
  readonly people: number
  readonly items: number
  readonly each: number
  readonly classes: number
  /** The label that an annotator gives, before any copying. */
  label(w: number, truth: number, random: { uniform(): number; integer(n: number): number }, hard: boolean): number
  /** Who copies whom. */
  readonly copies?: ReadonlyMap<number, number>
  readonly hard?: number
}

/** A made-up crowd: each item has its own annotators, drawn at random; a copier answers whatever their model answers. */
const crowd = ({ people, items, each, classes, label, copies = new Map(), hard = 0 }: Crowd, seed = 1): Answers => {
  const random = stream(seed, 'crowd')
  const triples: (readonly [string, string, string])[] = []
  for (let i = 0; i < items; i++) {
    const truth = random.integer(classes)
    const isHard = random.uniform() < hard
    const chosen = new Set<number>()
    while (chosen.size < each) {
      const w = random.integer(people)
      chosen.add(w)
      // Copiers work on the items of their models.
      for (const [copier, model] of copies) if (model === w) chosen.add(copier)
    }
    const given = new Map<number, number>()
    for (const w of [...chosen].sort((a, b) => a - b)) {
      const model = copies.get(w)
      const own = label(w, truth, random, isHard)
      given.set(w, model !== undefined && given.has(model) && random.uniform() < 0.9 ? given.get(model)! : own)
    }
    for (const [w, is] of given) triples.push([`i${i}`, `w${w}`, String(is)])
  }
  return answersOf(triples)
}

const able =
  (skill: number, classes: number): Crowd['label'] =>
  (_, truth, random) =>
    random.uniform() < skill ? truth : random.integer(classes)

const testsOf = (answers: Answers) => {
  const fitted = fitRates('majority', answers, 2)
  const agrees = agreesBeyondChance(answers, 0)
  const { each, crowd: level } = skillTests(answers, opinionOfOthers(answers, fitted.model), { rate: 0.05, agrees })
  return { level, of: (name: string) => each[answers.annotators.indexOf(name)]!, each }
}

describe('sums of unequal trials', () => {
  const shares = Float64Array.of(0.1, 0.3, 0.5, 0.7, 0.05, 0.9)
  it('have exact tails (by convolution)', () => {
    expect(upperTail(shares, 3)).toBeCloseTo(0.518445, 12)
    expect(lowerTail(shares, 2)).toBeCloseTo(0.481555, 12)
    expect([upperTail(shares, 0), upperTail(shares, 7), lowerTail(shares, 6), lowerTail(shares, -1)]).toEqual([
      1, 0, 1, 0,
    ])
  })
  it('keep the digits of a tiny tail', () => {
    expect(upperTail(new Float64Array(20).fill(0.01), 20)).toBeCloseTo(1e-40, 50)
    expect(upperTail(new Float64Array(20).fill(0.01), 20) / 1e-40).toBeCloseTo(1, 9)
  })
  it('go over into the normal approximation without a step', () => {
    const many = Float64Array.from({ length: 4000 }, (_, i) => 0.1 + 0.8 * ((i % 97) / 97))
    const exact = upperTail(many.subarray(0, 2400), 1250)
    const approximate = upperTail(Float64Array.from([...many.subarray(0, 2400), ...new Float64Array(1700)]), 1250)
    expect(exact).toBeGreaterThan(0.001)
    expect(approximate / exact).toBeCloseTo(1, 2)
  })
})

describe('matches against chance', () => {
  const orders = (labels: readonly number[]): readonly (readonly number[])[] =>
    labels.length < 2
      ? [labels]
      : labels.flatMap((first, i) =>
          orders([...labels.slice(0, i), ...labels.slice(i + 1)]).map((rest) => [first, ...rest]),
        )
  it.each([
    [
      [0, 0, 1, 1, 2, 2, 0],
      [0, 0, 1, 1, 2, 0, 2],
    ],
    [
      [0, 1, 2, 0, 1, 2],
      [1, 1, 1, 0, 2, 2],
    ],
    [
      [0, 0, 0, 1],
      [0, 0, 0, 3],
    ],
  ])('are as many as in so large a share of all orders', (labels, classes) => {
    const matches = (order: readonly number[]): number => order.filter((label, i) => label === classes[i]).length
    const all = orders(labels).map(matches)
    const { above, below } = matchTest(Uint32Array.from(labels), Uint32Array.from(classes))
    expect(above).toBeCloseTo(all.filter((n) => n >= matches(labels)).length / all.length, 9)
    expect(below).toBeCloseTo(all.filter((n) => n <= matches(labels)).length / all.length, 9)
  })
  it('with more answers go on as before', () => {
    const test = (n: number) => {
      const classes = Uint32Array.from({ length: n }, (_, i) => i % 3)
      const labels = classes.map((label, i) => (i % 4 === 0 ? label : (label + (i % 5 === 0 ? 0 : 1)) % 3))
      return matchTest(labels, classes).above
    }
    expect(test(31) / test(30)).toBeGreaterThan(0.5)
    expect(test(31) / test(30)).toBeLessThan(2)
  })
  it('of one label always, or of a single answer, are no skill', () => {
    expect(matchTest(Uint32Array.of(1, 1, 1), Uint32Array.of(1, 0, 1))).toEqual({ above: 1, below: 1 })
    expect(matchTest(Uint32Array.of(1), Uint32Array.of(1))).toEqual({ above: 1, below: 1 })
    expect(matchTest(Uint32Array.of(), Uint32Array.of())).toEqual({ above: 1, below: 1 })
  })
})

describe('what others believe', () => {
  it('is the posterior of the answers without the annotators named, by hand', () => {
    const answers = answersByAnnotator({ a: 'x', b: 'y', c: 'x' })
    const log = (p: number) => [Math.log(p), Math.log(1 - p)]
    const model = {
      logPrior: Float64Array.from([0.5, 0.5].map(Math.log)),
      kind: Uint32Array.of(0, 1, 2),
      logLikelihood: Float64Array.from([...log(0.8), ...log(0.1), ...log(0.6)]),
    }
    const into = new Float64Array(2)
    const without = withoutThem(answers, model)
    expect(without(0, 0, 2, into)).toBe(true)
    expect(into[0]).toBeCloseTo(0.1, 12)
    expect(without(0, 1, 1, into)).toBe(true)
    expect(into[0]).toBeCloseTo(0.48 / (0.48 + 0.08), 12)
    expect(without(0, -1, -1, into)).toBe(true)
    expect(into[0]).toBeCloseTo(0.048 / (0.048 + 0.072), 12)
  })
  it('takes back an answer that a class cannot have', () => {
    const answers = answersByAnnotator({ a: 'x', b: 'y' })
    const never = Number.NEGATIVE_INFINITY
    const model = {
      logPrior: Float64Array.from([0.5, 0.5].map(Math.log)),
      kind: Uint32Array.of(0, 1),
      logLikelihood: Float64Array.of(0, never, -1, -2),
    }
    const into = new Float64Array(2)
    expect(withoutThem(answers, model)(0, 0, 0, into)).toBe(true)
    expect(into[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
  })
})

describe('who has no skill', () => {
  const answers = crowd({
    people: 40,
    items: 1800,
    each: 5,
    classes: 3,
    label: (w, truth, random) =>
      w === 0
        ? random.integer(3)
        : w === 1
          ? 2
          : w === 2
            ? (truth + 1) % 3
            : w === 3
              ? random.uniform() < 0.2
                ? truth
                : random.integer(3)
              : random.uniform() < 0.8
                ? truth
                : random.integer(3),
  })
  const tests = testsOf(answers)
  it('guesses, or always says the same', () => {
    expect([tests.of('w0').verdict, tests.of('w1').verdict]).toEqual(['spammer', 'spammer'])
    expect(tests.of('w1').above).toBe(1)
  })
  it('reverses, or knows little', () => {
    expect([tests.of('w2').verdict, tests.of('w3').verdict]).toEqual(['contrary', 'weak'])
  })
  it('is nobody else', () => {
    expect(tests.each.slice().filter(({ verdict }) => verdict !== 'useful').length).toBeLessThanOrEqual(5)
    expect(tests.each.filter(({ verdict }) => verdict === 'spammer')).toHaveLength(2)
    expect(tests.level).toBeCloseTo(0.8, 1)
  })
  it('is not told of one with a single answer, nor in a crowd of guesses or of one voice', () => {
    expect(testsOf(answersByAnnotator({ a: 'x y x', b: 'x y x', c: 'y . .' })).of('c').verdict).toBe('cannot-tell')
    const alike = testsOf(answersByAnnotator({ a: 'x x x', b: 'x x x' }))
    expect(alike.each.map(({ verdict, aboveChance }) => [verdict, aboveChance])).toEqual([
      ['cannot-tell', undefined],
      ['cannot-tell', undefined],
    ])
    const guesses = testsOf(crowd({ people: 20, items: 200, each: 4, classes: 2, label: able(0, 2) }))
    expect(guesses.each.filter(({ verdict }) => verdict === 'spammer' || verdict === 'contrary')).toEqual([])
  })
  it('false accusations are rare: 15 crowds without a spammer', () => {
    let accused = 0
    for (let seed = 0; seed < 15; seed++) {
      const clean = crowd({ people: 20, items: 120, each: 4, classes: 3, label: able(0.7, 3) }, seed)
      if (testsOf(clean).each.some(({ verdict }) => verdict === 'spammer')) accused++
    }
    expect(accused).toBeLessThanOrEqual(2)
  })
})

describe('who colludes', () => {
  const found = (answers: Answers) => {
    const { found: pairs, groups } = colluders(answers, fitRates('majority', answers, 2), 0.05)
    const name = (w: number): string => answers.annotators[w]!
    return {
      pairs: pairs.map(({ first, second }) => [name(first), name(second)].sort()),
      groups: groups.map((g) => g.map(name).sort()),
    }
  }
  const base = { people: 30, items: 500, each: 6, classes: 4, label: able(0.7, 4) }
  it('are the two that copy, and nobody else', () => {
    const { pairs, groups } = found(crowd({ ...base, copies: new Map([[8, 7]]) }))
    expect(pairs).toEqual([['w7', 'w8']])
    expect(groups).toEqual([['w7', 'w8']])
  })
  it('are nobody in honest crowds, even where some items mislead everyone', () => {
    const misled: Crowd['label'] = (_, truth, random, hard) =>
      random.uniform() < (hard ? 0.35 : 0.85) ? truth : (truth + 1) % 4
    let accused = 0
    for (let seed = 0; seed < 5; seed++) {
      accused += found(crowd({ ...base, items: 300 }, seed)).pairs.length
      accused += found(crowd({ ...base, items: 300, label: misled, hard: 0.2 }, seed)).pairs.length
    }
    expect(accused).toBeLessThanOrEqual(1)
  })
  it('are not two who always give the same label: that is no secret', () => {
    const constant: Crowd['label'] = (w, truth, random, hard) => (w < 2 ? 3 : able(0.8, 4)(w, truth, random, hard))
    expect(found(crowd({ ...base, label: constant })).pairs).toEqual([])
  })
})

describe("an annotator's accuracy", () => {
  it('is certain as far as the items are', () => {
    const known = accuracyFigure({ answers: 20, right: 15, open: 0 })
    // Jeffreys' interval for 15 of 20, by SciPy's beta.ppf.
    expect(known.low).toBeCloseTo(0.53580537, 7)
    expect(known.high).toBeCloseTo(0.89760151, 7)
    const open = accuracyFigure({ answers: 20, right: 15, open: 2.5 })
    expect(open.low).toBeLessThan(known.low)
    expect(open.high).toBeGreaterThan(known.high)
    expect(accuracyFigure({ answers: 1, right: 0.5, open: 0.25 })).toMatchObject({ value: 0.5, n: 1 })
  })
  it('covers the true one about as often as it says', () => {
    const skills = (w: number): number => 0.5 + 0.4 * ((w * 7) % 10) * 0.1
    const answers = crowd({
      people: 60,
      items: 900,
      each: 5,
      classes: 3,
      label: (w, truth, random) => (random.uniform() < skills(w) ? truth : (truth + 1 + random.integer(2)) % 3),
    })
    const { posterior } = fitRates('one-coin', answers, 0)
    const covered = talliesOf(answers, posterior).filter((tally, i) => {
      const { low, high } = accuracyFigure(tally)
      const truth = skills(Number(answers.annotators[i]!.slice(1)))
      return low <= truth && truth <= high
    }).length
    expect(covered / 60).toBeGreaterThan(0.85)
  })
})

it('gold questions: right answers as crowd-kit counts them, with exact intervals', () => {
  const tallies = goldTallies(toyAnswers({ t1: 'yes', t2: 'yes' }))
  expect(tallies.map(({ right, answers }) => right / answers)).toEqual([0.5, 1, 1, 0.5, 0])
  expect(tallies.reduce((n, { right }) => n + right, 0)).toBe(5)
  expect(tallies.reduce((n, { answers }) => n + answers, 0)).toBe(9)
  expect(goldFigure({ right: 0, answers: 0 })).toBeNull()
  // Clopper and Pearson: 1 - 0.025^(1/2).
  expect(goldFigure({ right: 0, answers: 2 })!.high).toBeCloseTo(0.841886, 6)
})
