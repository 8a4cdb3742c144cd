import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import type { BiasMetric } from '../../src/contract/bias-result.ts'
import { type Cell, countsOf } from '../../src/screening/bias/groups/counts.ts'
import { groupingsOf } from '../../src/screening/bias/groups/grouping.ts'
import { rates } from '../../src/screening/bias/groups/rates.ts'
import { calibrator } from '../../src/screening/bias/metrics/calibration.ts'
import { comparisonsOf } from '../../src/screening/bias/metrics/comparisons.ts'
import { biasAmplification, differentialFairness } from '../../src/screening/bias/metrics/differential-fairness.ts'
import { betweenGroupEntropyFigure, entropyFigure } from '../../src/screening/bias/metrics/entropy.ts'
import { gapsOf } from '../../src/screening/bias/metrics/gaps.ts'
import { cellsOfRows, digits, referenceCells } from './rows.ts'

const all: readonly BiasMetric[] = ['statistical-parity', 'demographic-parity', 'equalized-odds', 'accuracy']

const gapsFor = (cells: readonly Cell[], minGroup = 1, maxGap = 0.1) =>
  new Map(
    gapsOf(groupingsOf(['g'], cells)[0]!, countsOf(cells), { maxGap, minGroup, judged: all }).map((gap) => [
      gap.metric,
      gap,
    ]),
  )

describe('on 30 rows of three groups, the formulas of Fairlearn and AIF360 (NumPy, row by row)', () => {
  const gaps = gapsFor(referenceCells)
  // metric, difference between groups, to overall, ratio between groups, to overall
  it.each([
    ['statistical-parity', 0.20833333333333331, 0.125, 0.6666666666666667, 0.8],
    ['demographic-parity', 0.26666666666666666, 0.13333333333333336, 0.5555555555555556, 0.7142857142857142],
    ['equal-opportunity', 0.2, 0.13333333333333341, 0.75, 0.8333333333333333],
    ['false-positive-rate', 0.2571428571428572, 0.13333333333333336, 0.3571428571428571, 0.5357142857142857],
    ['false-negative-rate', 0.2, 0.13333333333333341, 0.5, 0.6],
    ['predictive-parity', 0.08333333333333337, 0.04761904761904767, 0.8888888888888888, 0.9333333333333332],
    ['accuracy', 0.125, 0.075, 0.8333333333333334, 0.8928571428571429],
    // The greater, and the mean, of the rows for the true and the false positive rate.
    ['equalized-odds', 0.2571428571428572, 0.13333333333333341, 0.3571428571428571, 0.5357142857142857],
    ['equalized-odds-mean', 0.2285714285714286, 0.1333333333333334, 0.5535714285714286, 0.6845238095238095],
  ] as const)('%s', (metric, difference, toOverall, ratio, ratioToOverall) => {
    const gap = gaps.get(metric)!
    expect(gap.difference.betweenGroups!.value).toBeCloseTo(difference, 12)
    expect(gap.difference.toOverall!.value).toBeCloseTo(toOverall, 12)
    expect(gap.ratio.betweenGroups!.value).toBeCloseTo(ratio, 12)
    expect(gap.ratio.toOverall!.value).toBeCloseTo(ratioToOverall, 12)
  })
  it('average odds', () => {
    expect(gaps.get('average-odds')!.difference.betweenGroups!.value).toBeCloseTo(0.22857142857142862, 12)
  })
  it('generalised entropy, Theil index and the part between groups', () => {
    const overall = countsOf(referenceCells)
    expect(entropyFigure(overall, 2)!.value).toBeCloseTo(0.15992865636147452, 12)
    expect(entropyFigure(overall, 1)!.value).toBeCloseTo(0.22511456700256288, 12)
    const groups = groupingsOf(['g'], referenceCells)[0]!.groups.map(({ counts }) => counts)
    expect(betweenGroupEntropyFigure(groups)!.value).toBeCloseTo(0.004904875148632596, 12)
  })
  it('smoothed differential fairness and bias amplification', () => {
    const shares = (rate: 'baseRate' | 'selectionRate') =>
      groupingsOf(['g'], referenceCells)[0]!.groups.map(({ counts }) => rates[rate](counts))
    const [labels, predictions] = [shares('baseRate'), shares('selectionRate')]
    expect(differentialFairness(labels)!.value).toBeCloseTo(0.39441527192157944, 12)
    expect(differentialFairness(predictions)!.value).toBeCloseTo(0.5347788647884836, 12)
    expect(biasAmplification(predictions, labels)!.value).toBeCloseTo(0.14036359286690414, 12)
  })
  it('expected calibration error by group', () => {
    const shown = groupingsOf(['g'], referenceCells)[0]!.groups.map(({ counts }) => calibrator(0)(counts.bins)!)
    for (const [i, [error, mean]] of [
      [0.305, 0.545],
      [0.3416666666666666, 0.4166666666666667],
      [0.3875, 0.475],
    ].entries()) {
      expect(shown[i]!.expectedError.value).toBeCloseTo(error!, 12)
      expect(shown[i]!.meanScore).toBeCloseTo(mean!, 12)
    }
  })
  it('signed comparisons with one group, average odds included', () => {
    const [b, c] = comparisonsOf(groupingsOf(['g'], referenceCells)[0]!, { g: 'a' }, 1)
    expect(b!.averageOddsDifference!.value).toBeCloseTo(-0.22857142857142862, 12)
    expect(c!.averageOddsDifference!.value).toBeCloseTo(-0.1333333333333334, 12)
    expect(b!.rates.selectionRate!.difference.value).toBeCloseTo(1 / 3 - 6 / 10, 12)
    expect(b!.rates.selectionRate!.ratio!.value).toBeCloseTo(1 / 3 / 0.6, 12)
  })
})

describe('the inequality indices on the data of AIF360’s own tests', () => {
  const groups = [...'0011112222']
  const labels = digits('1001001011')
  it.each([
    ['1000111010', 0.2],
    ['0110000111', 0.3],
  ])('predictions %s have the index %d', (predictions, index) => {
    const counts = countsOf(cellsOfRows(groups, labels, digits(predictions)))
    expect(entropyFigure(counts, 2)!.value).toBeCloseTo(index, 12)
  })
  it('Theil, and between all groups', () => {
    const cells = cellsOfRows(groups, labels, digits('1000111010'))
    expect(entropyFigure(countsOf(cells), 1)!.value).toBeCloseTo((4 * Math.LN2) / 10, 12)
    const split = groupingsOf(['g'], cells)[0]!.groups.map(({ counts }) => counts)
    // Benefits 1, 1, 1.25 four times, 0.75 four times: 1/20 sum(b^2 - 1).
    expect(betweenGroupEntropyFigure(split)!.value).toBeCloseTo((4 * 1.25 ** 2 + 4 * 0.75 ** 2 - 8) / 20, 12)
  })
})

describe('by hand', () => {
  const counted = (group: string, positives: number, negatives: number): readonly Cell[] =>
    [true, false].map((positive) => ({
      values: [group],
      positive,
      selected: null,
      bin: null,
      rows: positive ? positives : negatives,
      scores: 0,
    }))
  it('two groups have Newcombe’s and Koopman’s intervals, uncorrected', () => {
    const gap = gapsFor([...counted('a', 56, 14), ...counted('b', 48, 32)]).get('statistical-parity')!
    expect(gap.difference.betweenGroups!.value).toBeCloseTo(0.2, 12)
    expect(gap.difference.betweenGroups!.low).toBeCloseTo(0.0524314724, 8)
    expect(gap.difference.betweenGroups!.high).toBeCloseTo(0.333872654, 8)
    expect(gap.ratio.betweenGroups!.value).toBeCloseTo(0.75, 12)
    expect(gap.ratio.betweenGroups!.low).toBeCloseTo(1 / 1.6708055780191116, 8)
    expect(gap.ratio.betweenGroups!.high).toBeCloseTo(1 / 1.0798215063618983, 8)
    expect([gap.lowest, gap.highest]).toEqual(['g=b', 'g=a'])
  })
  it('fails above the limit, passes below it, and is undecided at it', () => {
    const verdict = (...cells: readonly (readonly Cell[])[]) =>
      gapsFor(cells.flat(), 30).get('statistical-parity')!.verdict
    expect(verdict(counted('a', 600, 400), counted('b', 400, 600))).toBe('failed')
    expect(verdict(counted('a', 5000, 5000), counted('b', 5050, 4950))).toBe('passed')
    expect(verdict(counted('a', 60, 40), counted('b', 50, 50))).toBe('inconclusive')
  })
  it('never passes with a group that is too small, and still fails', () => {
    const tiny = counted('c', 2, 3)
    const passing = gapsFor([...counted('a', 5000, 5000), ...counted('b', 5050, 4950), ...tiny], 30)
    expect(passing.get('statistical-parity')!.verdict).toBe('inconclusive')
    expect(passing.get('statistical-parity')!.tooSmall).toEqual(['g=c'])
    const failing = gapsFor([...counted('a', 600, 400), ...counted('b', 400, 600), ...tiny], 30)
    expect(failing.get('statistical-parity')!.verdict).toBe('failed')
  })
  it('one group, and one label, are inconclusive', () => {
    expect(gapsFor(counted('a', 500, 500)).get('statistical-parity')!.verdict).toBe('inconclusive')
    const same = gapsFor([...counted('a', 5000, 0), ...counted('b', 5000, 0)]).get('statistical-parity')!
    expect(same.difference.betweenGroups!.value).toBe(0)
    expect(same.verdict).toBe('inconclusive')
  })
  it('a perfect predictor passes the odds', () => {
    const cells = (['a', 'b'] as const).flatMap((group) =>
      [true, false].map(
        (positive): Cell => ({ values: [group], positive, selected: positive, bin: null, rows: 5000, scores: 0 }),
      ),
    )
    expect(gapsFor(cells).get('equalized-odds')!.verdict).toBe('passed')
  })
  it('a rate of nobody is undefined, not 0', () => {
    const cells = cellsOfRows([...'aabb'], digits('0011'), digits('0101'))
    const gap = gapsFor(cells).get('equal-opportunity')!
    expect(gap.tooSmall).toEqual(['g=a'])
    expect(gap.difference.betweenGroups).toBeNull()
  })
})

const cellsArbitrary = fc.array(
  fc.record({
    group: fc.constantFrom('a', 'b', 'c', 'd'),
    positive: fc.boolean(),
    selected: fc.boolean(),
    rows: fc.integer({ min: 1, max: 60 }),
  }),
  { minLength: 4, maxLength: 24 },
)

const toCells = (
  rows: readonly { group: string; positive: boolean; selected: boolean; rows: number }[],
  rename: (group: string) => string = (group) => group,
): readonly Cell[] =>
  rows.map(({ group, positive, selected, rows: n }) => ({
    values: [rename(group)],
    positive,
    selected,
    bin: null,
    rows: n,
    scores: 0,
  }))

describe('for any counts', () => {
  it('other names for the groups change nothing but names', () => {
    fc.assert(
      fc.property(cellsArbitrary, (rows) => {
        const names: Readonly<Record<string, string>> = { a: 'z', b: 'x', c: 'y', d: 'w' }
        const before = gapsFor(toCells(rows), 5)
        const after = gapsFor(
          toCells(rows, (group) => names[group]!),
          5,
        )
        for (const [metric, gap] of before) {
          const other = after.get(metric)!
          expect(other.verdict).toBe(gap.verdict)
          for (const kind of ['difference', 'ratio'] as const)
            for (const method of ['betweenGroups', 'toOverall'] as const) {
              const [x, y] = [gap[kind][method], other[kind][method]]
              expect(y === null).toBe(x === null)
              for (const end of ['value', 'low', 'high', 'n'] as const)
                if (x && y) expect(y[end]).toBeCloseTo(x[end], 9)
            }
        }
      }),
      { numRuns: 40 },
    )
  })
  it('groups with the same rows have no gap, and an interval that begins there', () => {
    fc.assert(
      fc.property(cellsArbitrary, (rows) => {
        const one = rows.map((row) => ({ ...row, group: 'a' }))
        const gaps = gapsFor(toCells([...one, ...one.map((row) => ({ ...row, group: 'b' }))]))
        for (const gap of gaps.values()) {
          const difference = gap.difference.betweenGroups
          if (difference === null) continue
          expect(difference.value).toBe(0)
          expect(difference.low).toBe(0)
          expect(difference.high).toBeGreaterThan(0)
        }
      }),
      { numRuns: 40 },
    )
  })
  it('figures lie in their intervals, and intervals within 0 and 1', () => {
    fc.assert(
      fc.property(cellsArbitrary, (rows) => {
        for (const { difference, ratio } of gapsFor(toCells(rows)).values())
          for (const gap of [difference.betweenGroups, difference.toOverall, ratio.betweenGroups, ratio.toOverall])
            if (gap) {
              expect(gap.low).toBeLessThanOrEqual(gap.value)
              expect(gap.high).toBeGreaterThanOrEqual(gap.value)
              expect(gap.low).toBeGreaterThanOrEqual(0)
              expect(gap.high).toBeLessThanOrEqual(1 + 1e-12)
            }
      }),
      { numRuns: 40 },
    )
  })
})

describe('intersections', () => {
  it('are every combination of the columns, with those that no row has', () => {
    const cells = [
      ['f', 'old'],
      ['f', 'young'],
      ['m', 'old'],
    ].map((values): Cell => ({ values, positive: true, selected: null, bin: null, rows: 3, scores: 0 }))
    const groupings = groupingsOf(['sex', 'age'], cells)
    expect(groupings.map(({ columns }) => columns)).toEqual([['sex'], ['age'], ['sex', 'age']])
    expect(groupings[2]!.groups.map(({ id, counts }) => [id, counts.rows])).toEqual([
      ['sex=f, age=old', 3],
      ['sex=f, age=young', 3],
      ['sex=m, age=old', 3],
    ])
    expect(groupings[2]!.absent).toEqual(['sex=m, age=young'])
  })
  it('a missing value is a group of its own, apart from the word', () => {
    const [grouping] = groupingsOf(['g'], cellsOfRows([null, '(missing)', 'a'], [1, 0, 1]))
    expect(grouping!.groups.map(({ id }) => id)).toEqual(['g="(missing)"', 'g=a', 'g=(missing)'])
  })
  it('refuses more groups than can be compared', () => {
    const many = cellsOfRows(
      Array.from({ length: 201 }, (_, i) => `${i}`),
      Array.from({ length: 201 }, () => 1),
    )
    expect(() => groupingsOf(['g'], many)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

describe('coverage', () => {
  it('the interval of the gap between five groups holds the true gap in at least 95 % of samples', () => {
    const shares = [0.3, 0.35, 0.4, 0.45, 0.5]
    let held = 0
    const samples = 400
    for (let sample = 0; sample < samples; sample++) {
      const random = stream(11, 'coverage', sample)
      const cells = shares.flatMap((share, group) => {
        let positives = 0
        for (let row = 0; row < 80; row++) if (random.uniform() < share) positives++
        return [true, false].map((positive): Cell => {
          const rows = positive ? positives : 80 - positives
          return { values: [`${group}`], positive, selected: null, bin: null, rows, scores: 0 }
        })
      })
      const gap = gapsFor(cells).get('statistical-parity')!.difference.betweenGroups!
      if (gap.low <= 0.2 && gap.high >= 0.2) held++
    }
    expect(held / samples).toBeGreaterThanOrEqual(0.95)
  })
})
