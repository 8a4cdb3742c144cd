import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import {
  adjustedPValues,
  binCounts,
  chiSquaredCritical,
  chiSquaredTail,
  cramersV,
  falseDiscovery,
  homogeneity,
  jensenShannon,
  kolmogorovSmirnov,
  kolmogorovTail,
  onlyInOne,
  pearson,
  populationStability,
  quantileEdges,
  sameProportion,
  smallestDistance,
  totalVariation,
  wasserstein,
} from './index.ts'

/** The values named "scipy" are those of SciPy 1.10.1 on the same input. */
const a = [0.1, 0.4, 0.7, 1.1, 1.5, 2.2, 2.9]
const b = [0.9, 1.0, 1.8, 2.5, 3.1, 3.3, 3.8, 4.0, 5.2]
const ascending = (values: readonly number[]) => [...values].sort((x, y) => x - y)
const c = ascending(Array.from({ length: 40 }, (_, i) => ((i * 37) % 101) / 10))
const d = ascending(Array.from({ length: 55 }, (_, i) => ((i * 53) % 97) / 9 + 1))

const sample = fc
  .array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 30 })
  .map((values) => ascending(values.map((value) => value / 4)))

describe('Kolmogorov and Smirnov', () => {
  it.each([
    ['seven and nine values', a, b, 0.5555555555555556, 0.12674825174825174],
    ['forty and fifty-five', c, d, 0.15681818181818183, 0.559203697926765],
    ['apart', ascending([...Array(10).keys()]), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19], 1, 1.0825088224469026e-5],
  ])('agrees with scipy, exactly, on %s', (_, x, y, distance, p) => {
    const test = kolmogorovSmirnov(x, y)
    expect(test.method).toBe('exact')
    expect(test.distance).toBeCloseTo(distance, 14)
    expect(test.p / p).toBeCloseTo(1, 10)
  })

  it('has the tail of the limit distribution', () => {
    for (const [x, p] of [
      [0.3, 0.9999906941986655],
      [0.8, 0.5441424115741981],
      [1, 0.26999967167735456],
      [1.36, 0.049485876755377876],
      [2, 0.0006709252557796953],
      [3, 3.045995948942526e-8],
    ] as const)
      expect(kolmogorovTail(x) / p).toBeCloseTo(1, 10)
  })

  it('enumerates: the exact p-value is the share of all orders with such a distance', () => {
    // Of the C(6, 3) = 20 orders of aaabbb, two have D = 1, and ten D >= 2/3.
    expect(kolmogorovSmirnov([1, 2, 3], [4, 5, 6]).p).toBeCloseTo(2 / 20, 14)
    const orders = [...Array(64).keys()].filter(
      (bits) => [...bits.toString(2)].filter((bit) => bit === '1').length === 3,
    )
    const distances = orders.map((bits) => {
      const places = [...Array(6).keys()]
      return kolmogorovSmirnov(
        places.filter((place) => (bits >> place) & 1),
        places.filter((place) => !((bits >> place) & 1)),
      ).distance
    })
    const asLarge = distances.filter((distance) => distance > 0.66).length
    expect(kolmogorovSmirnov([1, 2, 4], [3, 5, 6]).p).toBeCloseTo(asLarge / 20, 14)
  })

  it('goes over to the limit without a jump', () => {
    const draw = (key: string, n: number, shift: number) => {
      const rng = stream(1, key)
      return ascending(Array.from({ length: n }, () => rng.normal() + shift))
    }
    const [x, y] = [draw('x', 1000, 0), draw('y', 1000, 0.1)]
    const exact = kolmogorovSmirnov(x, y)
    const limit = kolmogorovTail(exact.distance * Math.sqrt(500))
    expect(exact.method).toBe('exact')
    expect(Math.abs(limit / exact.p - 1)).toBeLessThan(0.1)
    expect(kolmogorovSmirnov(draw('x', 1001, 0), y).method).toBe('asymptotic')
    expect(kolmogorovTail(smallestDistance(0.001, 800, 500) * Math.sqrt((800 * 500) / 1300))).toBeCloseTo(0.001, 9)
  })

  it('is 0 for a sample and itself, and the same both ways', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        expect(kolmogorovSmirnov(x, x)).toMatchObject({ distance: 0, p: 1 })
        const [there, back] = [kolmogorovSmirnov(x, y), kolmogorovSmirnov(y, x)]
        expect(back.distance).toBe(there.distance)
        expect(back.p).toBeCloseTo(there.p, 12)
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})

describe('Wasserstein', () => {
  it('agrees with scipy', () => {
    expect(wasserstein(a, b)).toBeCloseTo(1.5730158730158732, 13)
    expect(wasserstein(c, d)).toBeCloseTo(1.1867171717171718, 13)
  })

  it('is a metric on shifts: moving every value by t is t away', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -8, max: 8 }), (x, t) => {
        expect(wasserstein(x, x)).toBe(0)
        expect(
          wasserstein(
            x,
            x.map((value) => value + t),
          ),
        ).toBeCloseTo(Math.abs(t), 10)
      }),
      { seed: 2, numRuns: 100 },
    )
  })
})

describe('counts', () => {
  const pair = { reference: [30, 20, 50], current: [45, 25, 30] }

  it('agrees with scipy', () => {
    expect(pearson(pair)).toBeCloseTo(8.555555555555555, 12)
    expect(homogeneity(pair).p).toBeCloseTo(0.013873457762527509, 12)
    expect(cramersV(pair)).toBeCloseTo(0.20682789409984761, 12)
    expect(jensenShannon(pair)).toBeCloseTo(0.03112781244591326, 12)
    expect(totalVariation(pair)).toBeCloseTo(0.2, 14)
  })

  it('has the chi-squared tail', () => {
    for (const [x, freedom, p] of [
      [3.84, 1, 0.05004352124870519],
      [0.5, 4, 0.9735009788392561],
      [30, 10, 0.000856641210775301],
      [200, 100, 1.1784500720979781e-8],
      [1000, 3, 1.7994208765314067e-216],
    ] as const)
      expect(chiSquaredTail(x, freedom) / p).toBeCloseTo(1, 9)
    expect(chiSquaredCritical(0.001, 7)).toBeCloseTo(24.321886347856854, 8)
  })

  it('permutes where counts are small, near the exact probability', () => {
    // By enumeration of all tables with these margins: 0.047619 (1/21).
    const test = homogeneity({ reference: [4, 1, 0], current: [0, 2, 3] }, 20_000)
    expect(test.method).toBe('permutation')
    expect(test.statistic).toBeCloseTo(7.333333333333334, 12)
    expect(Math.abs(test.p - 1 / 21)).toBeLessThan(4 * Math.sqrt((1 / 21) * (20 / 21) * (1 / 20_000)))
  })

  it('puts rare categories together instead of trusting the approximation for them', () => {
    const rare = new Array<number>(100).fill(1)
    const test = homogeneity({ reference: [400, 500, ...rare], current: [410, 490, ...rare] })
    expect(test).toMatchObject({ method: 'chi-squared', cells: 3 })
    expect(test.p).toBeGreaterThan(0.5)
  })

  it('has no effect on itself, and is the same both ways', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(counts, counts, (x, y) => {
        const size = Math.min(x.length, y.length)
        const there = { reference: x.slice(0, size), current: y.slice(0, size) }
        const back = { reference: there.current, current: there.reference }
        for (const measure of [totalVariation, jensenShannon, cramersV]) {
          expect(measure({ reference: x, current: x })).toBeCloseTo(0, 12)
          expect(measure(there)).toBeCloseTo(measure(back), 12)
          expect(measure(there)).toBeLessThanOrEqual(1 + 1e-12)
        }
      }),
      { seed: 3, numRuns: 100 },
    )
    expect(jensenShannon({ reference: [1, 0], current: [0, 1] })).toBeCloseTo(1, 12)
  })
})

describe('proportions', () => {
  it('agrees with scipy (Fisher)', () => {
    for (const [x, n, y, m, p] of [
      [3, 20, 11, 25, 0.05358137490865794],
      [0, 50, 6, 40, 0.006164937049423332],
      [1, 1000, 9, 900, 0.00836650521018687],
      [40, 50, 35, 50, 0.3558286323604284],
    ] as const)
      expect(sameProportion({ hits: x, n }, { hits: y, n: m }) / p).toBeCloseTo(1, 8)
  })

  it('knows how likely a category is to fall into one sample only', () => {
    // 3 of 4 rows: C(4, 3) / C(8, 3) = 4 / 56.
    expect(onlyInOne(3, 4, 4)).toBeCloseTo(4 / 56, 13)
    expect(onlyInOne(5, 4, 4)).toBe(0)
  })
})

describe('population stability', () => {
  it('can be done by hand', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => i + 1)
    const edges = quantileEdges(sorted, 4)
    expect(edges).toEqual([25, 50, 75])
    expect(binCounts(sorted, edges)).toEqual([25, 25, 25, 25])
    const [p, q] = [25.5 / 102, [10.5 / 102, 20.5 / 102, 30.5 / 102, 40.5 / 102]]
    const byHand = q.reduce((sum, share) => sum + (share - p) * Math.log(share / p), 0)
    expect(populationStability([25, 25, 25, 25], [10, 20, 30, 40])).toBeCloseTo(byHand, 14)
    expect(populationStability([3, 0, 9], [3, 0, 9])).toBe(0)
  })

  it('loses no value, whatever the ties', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const edges = quantileEdges(x, 10)
        expect(new Set(edges).size).toBe(edges.length)
        expect(binCounts(y, edges).reduce((sum, count) => sum + count, 0)).toBe(y.length)
      }),
      { seed: 4, numRuns: 100 },
    )
  })
})

describe('false discovery', () => {
  it('finds what Benjamini and Hochberg find in their example', () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ]
    expect(falseDiscovery(p, 0.05).filter(Boolean)).toHaveLength(4)
    expect(falseDiscovery([...p].reverse(), 0.05).slice(-4)).toEqual([true, true, true, true])
    expect(falseDiscovery([], 0.05)).toEqual([])
    expect(falseDiscovery([0.05], 0.05)).toEqual([true])
  })

  it('adjusts p-values by the step-up procedure', () => {
    const adjusted = adjustedPValues([0.01, 0.04, 0.03, 0.005])
    for (const [i, value] of [0.02, 0.04, 0.04, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(value, 12)
    expect(adjustedPValues([])).toEqual([])
  })

  it('takes those up to the largest p(k) with p(k) <= k rate / m', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (p, rate) => {
          const ascending = [...p].sort((a, b) => a - b)
          const last = ascending.findLastIndex((value, i) => value <= ((i + 1) * rate) / p.length)
          expect(falseDiscovery(p, rate)).toEqual(p.map((value) => last >= 0 && value <= ascending[last]!))
        },
      ),
      { seed: 5, numRuns: 300 },
    )
  })
})
