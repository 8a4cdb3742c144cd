import { describe, expect, it } from 'vitest'
import { answersOf } from '../answers/answers.ts'
import { anaesthesiaAnswers, answersByAnnotator, toyAnswers } from '../answers/testing.ts'
import { climb } from './climb.ts'
import { likeliest } from './consensus.ts'
import { bearable } from './consensus-by.ts'
import { dawidSkene } from './dawid-skene.ts'
import { glad } from './glad.ts'
import { mace } from './mace.ts'
import { majorityVote } from './majority.ts'
import { oneCoin } from './one-coin.ts'

const close = (found: Iterable<number>, expected: readonly number[], digits = 5): void => {
  for (const [i, value] of [...found].entries()) expect(value, `value ${i}`).toBeCloseTo(expected[i]!, digits)
}

const precise = { tolerance: 1e-12, iterations: 10_000 }
const methods = {
  'dawid-skene': dawidSkene,
  'one-coin': oneCoin,
  glad,
  mace,
  majority: majorityVote,
} as const

describe('Dawid and Skene on their anaesthesia data (1979)', () => {
  const answers = anaesthesiaAnswers()
  it('finds the marginals, the error rates of observer 1 and the log-likelihood', () => {
    const found = dawidSkene(answers, { tolerance: 1e-10 })
    expect([answers.items.length, answers.annotators.length, answers.label.length]).toEqual([45, 5, 315])
    expect(found.iterations).toBe(26)
    close(found.marginals, [0.39955, 0.42198, 0.1118, 0.06667])
    expect(found.objective.at(-1)).toBeCloseTo(-192.89088, 5)
    const rates = [0, 1, 2, 3].flatMap((truth) => [0, 1, 2, 3].map((label) => found.errorRate(0, truth, label)))
    close(rates, [0.8895, 0.1105, 0, 0, 0.0706, 0.8764, 0.053, 0, 0, 0.3388, 0.6612, 0, 0, 0, 0.5556, 0.4444], 4)
    expect(likeliest(found.posterior, answers.items.indexOf('36'), 4)).toBe(3)
  })
  it('stands where crowd-kit stops after four expectations', () => {
    close(dawidSkene(answers, { iterations: 5 }).marginals, [0.3997, 0.4224, 0.1112, 0.0667], 4)
  })
  it('never lowers its objective, smoothed or not', () => {
    for (const options of [{}, { smoothing: 1 }, { smoothing: 3, towards: 'pooled' }] as const) {
      const { objective } = dawidSkene(answers, { ...options, tolerance: 1e-9 })
      expect(objective.length).toBeGreaterThan(5)
      for (const [i, value] of objective.slice(1).entries()) expect(value).toBeGreaterThanOrEqual(objective[i]! - 1e-9)
    }
  })
})

describe('the toy answers of crowd-kit', () => {
  it.each(Object.entries(methods))('%s finds the truth, but for the majority where it is even', (name, method) => {
    const answers = toyAnswers()
    const { posterior } = method(answers)
    expect(answers.items.map((_, i) => answers.classes[likeliest(posterior, i, 2)])).toEqual(
      `${name === 'majority' ? 'no' : 'yes'} yes no yes no`.split(' '),
    )
  })
  it('Dawid-Skene has the priors of crowd-kit', () => {
    close(dawidSkene(toyAnswers()).marginals, [0.4, 0.6])
  })
  // The maxima of the observed log-posteriors, by SciPy's BFGS on formulas written down apart.
  it('Dawid-Skene with a Dirichlet prior', () => {
    const found = dawidSkene(toyAnswers(), { smoothing: 1, ...precise })
    expect(found.objective.at(-1)).toBeCloseTo(-22.11668242968875, 8)
    const rates = [0, 1, 2, 3, 4].flatMap((w) => [found.errorRate(w, 0, 0), found.errorRate(w, 1, 0)])
    close(
      rates,
      [
        0.19258764, 0.36409622, 0.76107414, 0.14871382, 0.78973668, 0.19377612, 0.49986275, 0.36856764, 0.83595045,
        0.61188416,
      ],
    )
  })
  it('one coin', () => {
    const found = oneCoin(toyAnswers(), precise)
    expect(found.objective.at(-1)).toBeCloseTo(-13.46023334, 6)
    close(found.skill, [0.4, 1, 1, 0.6, 0.6])
    expect(found.errorRate(0, 0, 1)).toBeCloseTo(0.6, 5)
  })
  it('GLAD', () => {
    const found = glad(toyAnswers(), precise)
    expect(found.objective.at(-1)).toBeCloseTo(-14.4592082070427, 8)
    close(found.ability, [-0.04859465, 1.19589397, 1.2131068, 0.33861964, 0.47778023], 4)
    close(found.easiness, [1.85498688, 1.54351069, 2.61621867, 4.28062101, 4.96552016], 4)
  })
  it('MACE', () => {
    const found = mace(toyAnswers(), precise)
    expect(found.objective.at(-1)).toBeCloseTo(-18.917543301840247, 8)
    close(found.competence, [0.1795639, 0.72901731, 0.7932858, 0.2858236, 0.38819015])
  })
})

it("GLAD's first expectation is crowd-kit's: three against one", () => {
  const answers = answersOf([...'gggp'].map((label, i) => ['t', `w${i}`, label] as const))
  close(glad(answers, { iterations: 0 }).posterior, [0.995664, 0.004336], 6)
})

describe.each(Object.entries(methods))('%s: answers that tell little', (_, method) => {
  const sound = (answers: Parameters<typeof method>[0]): Float64Array => {
    const { posterior } = method(answers)
    for (let i = 0; i < answers.items.length; i++) {
      const shares = posterior.subarray(i * answers.classes.length, (i + 1) * answers.classes.length)
      expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
      expect(shares.every((p) => p >= 0 && p <= 1)).toBe(true)
    }
    return posterior
  }
  it('one answer in all', () => close(sound(answersOf([['i', 'w', 'yes']])), [1]))
  it('everyone agrees', () => sound(answersByAnnotator({ a: 'x x x', b: 'x x x' })))
  it('an annotator with one label, and items with one answer', () =>
    sound(answersByAnnotator({ a: 'x x x x', b: 'y . . .', c: '. y x y' })))
  it('a class that is known of an item but nobody gives', () => {
    const posterior = sound(answersByAnnotator({ a: 'x y x', b: 'x y y' }, { t3: 'z' }))
    close(posterior.subarray(6), [0, 0, 1])
  })
})

describe('what the answers can bear', () => {
  it('is a rate each where a confusion matrix has more rates than the annotators have answers', () => {
    expect(bearable(toyAnswers())).toBe('dawid-skene')
    expect(bearable(answersByAnnotator({ a: '1 2 3', b: '1 2 2' }))).toBe('one-coin')
  })
})

describe('climb', () => {
  it('throws where the objective falls or is no number', () => {
    const run = (values: readonly number[]) => () => {
      let at = 0
      return climb('test', { iterations: 3, tolerance: 1e-9 }, () => values[at++]!)
    }
    expect(run([-3, -2, -2.5])).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
    expect(run([Number.NaN])).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
    expect(run([-3, -2, -2])()).toMatchObject({ iterations: 3, converged: true })
  })
})

it('refuses more classes than fit into memory', () => {
  const many = answersOf(Array.from({ length: 20_000 }, (_, i) => [`i${i}`, `w${i}`, `free text ${i}`] as const))
  expect(() => majorityVote(many)).toThrow(expect.objectContaining({ code: 'DATA_OUT_OF_RANGE' }))
})
