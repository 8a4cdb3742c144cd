import { describe, expect, it } from 'vitest'
import { figureSchema } from '../contract/index.ts'
import { binomialCdf } from './binomial.ts'
import { figure } from './figure.ts'
import { clopperPearson, clopperPearsonLow, wilson } from './intervals.ts'
import { normalQuantile } from './normal.ts'

// k, n, Wilson, Clopper-Pearson, lower end of Clopper-Pearson at 99 %: SciPy 1.10.1, binomtest.proportion_ci.
const reference = [
  [0, 1, 0, 0.7934506856227626, 0, 0.975, 0],
  [1, 1, 0.20654931437723745, 1, 0.025, 1, 0.005],
  [0, 10, 0, 0.27753279986288926, 0, 0.30849710781876294, 0],
  [10, 10, 0.7224672001371109, 1, 0.6915028921812371, 1, 0.5887040186524746],
  [3, 10, 0.10779126740630102, 0.6032218525388546, 0.06673951117773447, 0.652452850060008, 0.03700722109620741],
  [17, 256, 0.04187072285916844, 0.10376215263514196, 0.039156799439049816, 0.10419556906202186, 0.032730539388125625],
  [250, 256, 0.9498190043999489, 0.9892151324441424, 0.9496870965771785, 0.9913513838038861, 0.939975311605013],
  [128, 256, 0.43920555858906296, 0.560794441410937, 0.43710864894036455, 0.5628913510596354, 0.4181847279778368],
  [9500, 10000, 0.9455528841569758, 0.9541015173094152, 0.945545472971641, 0.9541900578012293, 0.9441182899573721],
  [1, 100000, 1.765247730378316e-6, 5.664709659040965e-5, 2.5317842743932826e-7, 5.571516034432556e-5, 5.0124957e-8],
] as const

describe('intervals agree with SciPy to 1e-10', () => {
  it.each(reference)('%d of %d', (k, n, wilsonLow, wilsonHigh, exactLow, exactHigh, exactLow99) => {
    const score = wilson(k, n)
    const exact = clopperPearson(k, n)
    expect(Math.abs(score.low - wilsonLow)).toBeLessThan(1e-10)
    expect(Math.abs(score.high - wilsonHigh)).toBeLessThan(1e-10)
    expect(Math.abs(exact.low - exactLow)).toBeLessThan(1e-10)
    expect(Math.abs(exact.high - exactHigh)).toBeLessThan(1e-10)
    expect(Math.abs(clopperPearson(k, n, 0.99).low - exactLow99)).toBeLessThan(1e-10)
  })

  // statsmodels' proportion_confint(method='beta'), one-sided, and norm.ppf of it times sigma = 0.25.
  it.each([
    [99, 100, 0.9113731112960424, 0.33731475970259756],
    [900, 1000, 0.8674640180257482, 0.2786207905699498],
    [999, 1000, 0.9908045023646124, 0.5894126426487887],
    [1000, 1000, 0.9931160484209338, 0.6158156536952029],
    [9500, 10000, 0.942908610944434, 0.3949171522012816],
  ])('lower limit and smoothing radius of %d of %d at alpha = 0.001', (k, n, limit, radius) => {
    expect(Math.abs(clopperPearsonLow(k, n, 0.001) - limit)).toBeLessThan(1e-10)
    expect(Math.abs(0.25 * normalQuantile(clopperPearsonLow(k, n, 0.001)) - radius)).toBeLessThan(1e-10)
  })
})

describe('coverage, summed exactly over the binomial distribution', () => {
  const coverage = (interval: typeof wilson, n: number, p: number): number => {
    let sum = 0
    for (let k = 0; k <= n; k++) {
      const { low, high } = interval(k, n)
      if (low <= p && p <= high) sum += binomialCdf(k, n, p) - binomialCdf(k - 1, n, p)
    }
    return sum
  }
  const shares = Array.from({ length: 49 }, (_, i) => (i + 1) / 50)

  it.each([7, 40])('of Clopper-Pearson is never below 95 %% (n = %d)', (n) => {
    for (const p of shares) expect(coverage(clopperPearson, n, p)).toBeGreaterThan(0.95 - 1e-12)
  })
  it('of Wilson is 95 % on average', () => {
    const mean = shares.reduce((sum, p) => sum + coverage(wilson, 40, p), 0) / shares.length
    expect(Math.abs(mean - 0.95)).toBeLessThan(0.01)
  })
})

describe('figure', () => {
  it('satisfies the contract for every count', () => {
    for (const n of [1, 2, 3, 10, 97, 1000])
      for (let k = 0; k <= n; k++) {
        expect(figureSchema.safeParse(figure(k, n)).success, `${k}/${n}`).toBe(true)
        expect(figureSchema.safeParse(figure(k, n, clopperPearson)).success, `${k}/${n}, exact`).toBe(true)
      }
  })
  it.each([
    [1, 0],
    [-1, 3],
    [4, 3],
    [0.5, 2],
    [0, 0],
    [Number.NaN, 1],
  ])('refuses %d of %d', (k, n) => {
    expect(() => figure(k, n)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  })
})
