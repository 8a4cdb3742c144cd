import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import type { AnyParameters } from '../../../threat/parameters.ts'
import { fitOutliers } from '../detector.ts'
import type { Rows } from '../rows.ts'
import { rowsOf } from '../testing.ts'
import { outlierDetectors } from './index.ts'
import { meanPathLength } from './mean-path-length.ts'

const fit = (id: string, rows: Rows, parameters?: AnyParameters) =>
  fitOutliers(outlierDetectors.get(id)!, rows, { random: stream(1, id), ...(parameters && { parameters }) })

const close = (scores: Float64Array, expected: readonly number[], digits: number): void => {
  expect(scores.length).toBe(expected.length)
  for (const [i, value] of expected.entries()) expect(scores[i]).toBeCloseTo(value, digits)
}

/** The rows of PyOD's issue about ECOD, and those of scikit-learn's test of Isolation Forest. */
const five = rowsOf([
  [1, 10],
  [2, 11],
  [3, 12],
  [4, 13],
  [100, -50],
])
const toy = rowsOf([
  [-2, -1],
  [-1, -1],
  [-1, -2],
  [1, 1],
  [1, 2],
  [2, 1],
  [6, 3],
  [-4, 7],
])

describe('check values', () => {
  it('of ECOD, COPOD and HBOS', async () => {
    close(await (await fit('ecod', five)).score(five), [2.525729, 1.427116, 1.427116, 2.525729, 3.218876], 6)
    close(await (await fit('ecod', toy)).score(toy), [2.3671, 1.674, 2.7726, 1.1632, 1.674, 1.8563, 3.4657, 4.1589], 4)
    close(await (await fit('copod', five)).score(five), [1.72101, 1.080543, 1.080543, 1.72101, 3.218876], 6)
    close(await (await fit('hbos', five)).score(five), [4.606806, 4.606806, 4.606806, 4.606806, 5.980636], 6)
  })

  it.each([
    [1, 0],
    [2, 1],
    [3, 1.2073923576],
    [5, 2.3270200521],
    [8, 3.2962516279],
    [10, 3.7488804845],
    [100, 8.3646710301],
    [256, 10.2447709201],
  ])('of the mean path length of %i rows', (n, expected) => expect(meanPathLength(n)).toBeCloseTo(expected, 9))

  it("of scikit-learn's toy set: the last two rows are the outliers of Isolation Forest", async () => {
    const scores = await (await fit('isolation-forest', toy)).score(toy)
    expect(Math.min(scores[6]!, scores[7]!)).toBeGreaterThan(Math.max(...scores.subarray(0, 6)))
  })

  it("of LOF in scikit-learn's documentation", async () => {
    const rows = rowsOf([[-1.1], [0.2], [101.1], [0.3]])
    close(await (await fit('lof', rows, { k: 2 })).scoreFitted!(), [0.9821, 1.037, 73.3697, 0.9821], 4)
  })

  it("of ECOD where rows are scored with the fitted ones, as PyOD does: with themselves, the fit's own", async () => {
    const pyod = await fit('ecod', five, { mode: 'pyod' })
    const doubled = rowsOf([
      [1, 10],
      [2, 11],
      [3, 12],
      [4, 13],
      [100, -50],
    ])
    close(await pyod.score(doubled), [2.525729, 1.427116, 1.427116, 2.525729, 3.218876], 6)
    const alone = await pyod.score(rowsOf([[1, 10]]))
    expect(alone[0]).not.toBeCloseTo((await pyod.score(five))[0]!, 3)
  })
})
