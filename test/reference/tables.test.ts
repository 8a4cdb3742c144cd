import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { median } from '../../src/stats/index.ts'
import { constraintsFrom } from '../../src/threat/constraints/from-rules.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { fixture, model } from '../support/fixtures.ts'

/** Results of adversarial-robustness-toolbox 1.20.1 on scikit-learn's breast cancer data, seed 0. */
const table = readFileSync(fixture('data/breast-cancer.csv'), 'utf8').trim().split(/\r?\n/).slice(1)
const cells = table.map((line) => line.split(',').slice(0, 31).map(Number))
const [train, test] = ['train', 'test'].map((part) => cells.filter((_, row) => table[row]!.endsWith(`,${part}`))) as [
  number[][],
  number[][],
]
const features = Array.from({ length: 30 }, (_, at) => at)
const lows = features.map((at) => Math.min(...cells.map((row) => row[at]!)))
const highs = features.map((at) => Math.max(...cells.map((row) => row[at]!)))
const deviations = features.map((at) => {
  const mean = train.reduce((sum, row) => sum + row[at]!, 0) / train.length
  return Math.sqrt(train.reduce((sum, row) => sum + (row[at]! - mean) ** 2, 0) / train.length)
})
const labelsOf = (rows: readonly number[][]): Int32Array => Int32Array.from(rows, (row) => row[30]!)

describe.each([
  ['breast-cancer-mlp', 3294, 63, 0.2863],
  ['breast-cancer-gbdt', 3324, 63, 0.2022],
  ['breast-cancer-forest', 3350, 62, 0.3646],
  ['breast-cancer-logreg', 2751, 52, 0.3348],
])("ART's HopSkipJump on the first 64 test rows of %s, features from 0 to 1", (name, queries, broken, theirs) => {
  it.each([
    ['hopskipjump', 1],
    ['boundary', 0.3],
    ['surfree', 0.3],
  ])('is beaten by %s with %d of the queries', async (id, share) => {
    const classifier = await model(name, {
      preprocessing: {
        mean: features.map((at) => -lows[at]! / (highs[at]! - lows[at]!)),
        std: features.map((at) => 1 / (highs[at]! - lows[at]!)),
      },
    })
    const rows = test.slice(0, 64)
    const x = Float32Array.from(
      rows.flatMap((row) =>
        features.map((at) => Math.min(Math.max((row[at]! - lows[at]!) / (highs[at]! - lows[at]!), 0), 1)),
      ),
    )
    const found = await runAttack({
      ...{ attack: attacks.get(id)!, model: classifier, x, labels: labelsOf(rows) },
      ...{ norm: 'l2', epsilon: 30, low: 0, high: 1, parameters: { queries: Math.floor(share * queries) } },
    })
    const ours = [...found.distances].filter((_, row) => found.broken[row])
    expect(found.queries.forward / 64).toBeLessThanOrEqual(share * queries)
    expect(ours.length).toBeGreaterThanOrEqual(broken)
    expect(median(ours)).toBeLessThan(theirs)
    await classifier.release()
  })
})

describe("ART's FGSM and PGD with 20 steps on the 171 test rows of breast-cancer-mlp, in standard deviations", () => {
  it.each([
    [0.1, 0.924, 0.924],
    [0.25, 0.731, 0.696],
    [0.5, 0.3568, 0.3217],
    [1, 0.1287, 0.0819],
  ])('are equalled at %d with as many gradients', async (epsilon, fgsm, pgd) => {
    const unit = Float64Array.from(deviations)
    const origin = new Float64Array(30)
    const raw = await model('breast-cancer-mlp')
    const inUnits = await model('breast-cancer-mlp', {
      preprocessing: { mean: features.map(() => 0), std: deviations.map((deviation) => 1 / deviation) },
    })
    const robust = async (id: string, parameters: Record<string, number | boolean>) => {
      const { right, broken, queries } = await runAttack({
        ...{ attack: attacks.get(id)!, model: raw, labels: labelsOf(test), norm: 'linf', epsilon, parameters },
        x: Float32Array.from(test.flatMap((row) => row.slice(0, 30))),
        ...{ low: Math.min(...lows), high: Math.max(...highs) },
        units: { unit, origin, range: [-10, 60], model: inUnits },
        constraints: constraintsFrom({
          features: features.map((at) => ({
            ...{ name: `columns[${at}]`, change: 'any' },
            ...{ low: Math.fround(lows[at]!), high: Math.fround(highs[at]!) },
          })),
          ...{ groups: [], relations: [], unit },
        }),
      })
      expect(queries.gradient).toBeLessThanOrEqual(171 * (id === 'fgsm' ? 1 : 20))
      return right.filter((is, row) => is && !broken[row]).length / 171
    }
    expect(await robust('fgsm', {})).toBeLessThanOrEqual(fgsm)
    const steps = { steps: 19, restarts: 1, searches: 0 }
    expect(await robust('constrained-pgd', steps)).toBeLessThanOrEqual(pgd)
    await raw.release()
    await inUnits.release()
  })
})
