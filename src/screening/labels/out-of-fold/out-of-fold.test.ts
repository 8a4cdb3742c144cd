import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { resolveParameters } from '../../../threat/parameters.ts'
import { parseArchitecture } from '../../../training/architecture/index.ts'
import { memoryStore, type RowStore } from '../../../training/row-store.ts'
import { findLabelErrors } from '../confident/find-label-errors.ts'
import { crossValidated } from './cross-validate.ts'
import { stratifiedFolds } from './folds.ts'
import { networkOf } from './fresh-network.ts'
import { standardised } from './standardised.ts'
import { type CrossValidationRecipe, crossValidationParameters, epochsFor, shiftFor } from './training.ts'

const recipeOf = (given: Readonly<Record<string, number | string>>) =>
  resolveParameters('cross-validation', crossValidationParameters, given) as CrossValidationRecipe

/** Three clouds in the plane, one column a thousand times as wide; every eighth label is moved to the next class. */
const clouds = (rows: number): { readonly store: RowStore; readonly wrong: readonly number[] } => {
  const x = new Float32Array(rows * 3)
  const labels = new Int32Array(rows)
  const wrong: number[] = []
  for (let row = 0; row < rows; row++) {
    const random = stream('clouds', row)
    const truth = row % 3
    const angle = (2 * Math.PI * truth) / 3
    x.set([Math.cos(angle) + 0.2 * random.normal(), 1000 * (Math.sin(angle) + 0.2 * random.normal()), 7], row * 3)
    if (row % 8 === 0) wrong.push(row)
    labels[row] = row % 8 === 0 ? (truth + 1) % 3 : truth
  }
  return { store: memoryStore(x, labels), wrong }
}

describe('folds', () => {
  it('spread every class and all rows evenly, and depend on the seed', () => {
    const labels = Int32Array.from({ length: 103 }, (_, row) => (row < 60 ? 0 : row < 95 ? 1 : 2))
    const folds = stratifiedFolds(labels, 5, 1)
    const count = (fold: number, label?: number) =>
      folds.filter((value, row) => value === fold && (label === undefined || labels[row] === label)).length
    for (let fold = 0; fold < 5; fold++) {
      expect(count(fold, 0)).toBe(12)
      expect(count(fold, 1)).toBe(7)
      expect([1, 2]).toContain(count(fold, 2))
      expect([20, 21]).toContain(count(fold))
    }
    expect(stratifiedFolds(labels, 5, 1)).toEqual(folds)
    expect(stratifiedFolds(labels, 5, 2)).not.toEqual(folds)
  })
  it.each([1, 0, 2.5, 9])('%d folds of eight rows are refused', (folds) => {
    expect(() => stratifiedFolds(new Int32Array(8), folds, 0)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

describe('standardised rows', () => {
  it('have mean 0 and deviation 1, and a constant column is 0', async () => {
    const { store } = clouds(90)
    const scaled = await standardised(store)
    const x = new Float32Array(270)
    await scaled.gather(
      Int32Array.from({ length: 90 }, (_, i) => i),
      x,
    )
    for (const c of [0, 1, 2]) {
      const column = [...x].filter((_, i) => i % 3 === c)
      const mean = column.reduce((a, b) => a + b, 0) / 90
      const deviation = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / 90)
      expect(mean).toBeCloseTo(0, 5)
      expect(deviation).toBeCloseTo(c === 2 ? 0 : 1, 5)
    }
  })
})

describe('out-of-fold probabilities', () => {
  const run = async (layers: string, folds = 3, epochs = 15) => {
    const { store, wrong } = clouds(180)
    const scaled = await standardised(store)
    let done = 0
    const probabilities = await crossValidated({
      store: scaled,
      classes: 3,
      folds,
      seed: 4,
      threads: 1,
      recipe: recipeOf({ epochs, batch: 16, 'learning-rate': 0.02 }),
      fresh: (fold) => networkOf(parseArchitecture(layers), { input: [3], classes: 3, seed: fold }, {}),
      progress: (value) => {
        expect(value).toBeGreaterThanOrEqual(done)
        done = value
      },
    })
    expect(done).toBe(1)
    return { labels: store.labels, probabilities, classes: 3, wrong }
  }
  it.each(['dense classes', 'dense 8, relu, dense classes'])('of %s find labels that were moved', async (layers) => {
    const { wrong, ...data } = await run(layers)
    const { issues } = findLabelErrors(data, {
      filter: 'prune-by-noise-rate',
      score: 'normalized-margin',
      adjust: false,
      seed: 0,
    })
    const found = issues.filter(({ row }) => wrong.includes(row))
    expect(found.length / wrong.length).toBeGreaterThanOrEqual(0.9)
    expect(found.length / issues.length).toBeGreaterThanOrEqual(0.9)
    for (const { row, suggested } of found) expect(suggested).toBe(row % 3)
  })
  it('are the same for the same seed', async () => {
    const [first, second] = [await run('dense classes', 2, 2), await run('dense classes', 2, 2)]
    expect(first.probabilities).toEqual(second.probabilities)
  })
  it('move images by a fourteenth of their side where nothing is said, and nothing else', () => {
    expect(shiftFor({ shift: -1 }, [1, 28, 28])).toBe(2)
    expect(shiftFor({ shift: -1 }, [3, 224, 160])).toBe(11)
    expect(shiftFor({ shift: -1 }, [30])).toBe(0)
    expect(shiftFor({ shift: 0 }, [1, 28, 28])).toBe(0)
  })
  it('take about 600 steps where nothing is said', () => {
    expect(epochsFor({ epochs: 0, batch: 64 }, 16_000)).toBe(4)
    expect(epochsFor({ epochs: 0, batch: 64 }, 6400)).toBe(6)
    expect(epochsFor({ epochs: 0, batch: 64 }, 100)).toBe(40)
    expect(epochsFor({ epochs: 3, batch: 64 }, 100)).toBe(3)
  })
})
