import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { poisonScreens } from './index.ts'
import { influenceOf } from './influence.ts'
import { runScreen, toyContext } from './testing.ts'

const byGroups = ['spectral-signatures', 'activation-clustering'] as const
const finite = (scores: Float64Array): boolean => scores.every(Number.isFinite)

describe.each(byGroups)('%s', (id) => {
  it.each([24, 40, 90])('flags %i poisoned rows of 150 to 210, those and no others', async (poisoned) => {
    const { context, bad } = toyContext({ poisoned })
    const { verdict, flagged, null: comparisons } = await runScreen(id, context)
    expect(verdict).toBe('flagged')
    expect([...flagged]).toEqual(bad)
    expect(comparisons.length).toBeGreaterThanOrEqual(6)
    expect(
      Math.min(...comparisons.filter(({ statistic }) => statistic.includes('class 1')).map(({ p }) => p)),
    ).toBeLessThan(0.01)
  })

  it('flags nothing in clean classes, where ART flags one cluster or a share of each', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const { verdict, flagged } = await runScreen(id, toyContext({ seed }).context)
      expect([verdict, flagged.length]).toEqual(['nothing found', 0])
    }
  })

  it('flags the cluster that stands apart, not the large one of the class (ART mixes them up by silhouette)', async () => {
    const { context, bad } = toyContext({ poisoned: 30 })
    const { flagged, scores } = await runScreen(id, context)
    const isBad = new Set(bad)
    const rest = [...context.labels!.keys()].filter((row) => context.labels![row] === 1 && !isBad.has(row))
    expect(flagged.filter((row) => !isBad.has(row))).toHaveLength(0)
    const mean = (rows: readonly number[]) => rows.reduce((sum, row) => sum + scores[row]!, 0) / rows.length
    expect(mean(bad)).toBeGreaterThan(mean(rest))
  })

  it('does not flag a class that has two kinds of rows by nature', async () => {
    const { context } = toyContext()
    const values = context.features!.values.slice()
    for (let row = 0; row < context.rows; row++)
      if (context.labels![row] === 2 && row % 8 < 4) values[row * 6 + 4]! += 12
    const result = await runScreen(id, { ...context, features: { values, width: 6 } })
    expect([result.verdict, result.flagged.length]).toEqual(['nothing found', 0])
    expect(result.reason).toContain('class 2 falls into two groups')
    expect(result.null[4]!.p).toBeLessThan(0.01)
  })

  it('says that a few poisoned rows were not found', async () => {
    const { verdict, flagged } = await runScreen(id, toyContext({ poisoned: 2 }).context)
    expect([verdict, flagged.length]).toEqual(['nothing found', 0])
  })
})

describe('bad input', () => {
  const { context } = toyContext({ each: 60 })
  const nothing = { values: new Float32Array(context.rows * 6), width: 6 }
  const broken = context.x.slice()
  broken[7] = Number.NaN
  const logits = new Float32Array(context.rows * 4)
  const cases = {
    'no labels': { ...context, labels: undefined },
    'classes of one row': { ...context, labels: Int32Array.from(context.labels!.keys()), classes: context.rows },
    'identical features': { ...context, features: nothing, logits, x: new Float32Array(context.x.length) },
    'values that are no numbers': {
      ...context,
      x: broken,
      features: { values: context.features!.values.map(() => Number.NaN), width: 6 },
      logits: logits.map(() => Number.NaN),
    },
    'a class that never occurs': { ...context, classes: 9 },
    'one class': { ...context, labels: new Int32Array(context.rows), classes: 1 },
    'two rows': {
      ...context,
      x: context.x.slice(0, 24),
      rows: 2,
      labels: Int32Array.of(0, 1),
      features: { values: context.features!.values.slice(0, 12), width: 6 },
    },
    'one source': { ...context, sources: new Int32Array(context.rows) },
  }
  it.each(Object.entries(cases))('%s: a finite score for each row, and never a flag', async (_, bad) => {
    for (const id of poisonScreens.keys()) {
      const { verdict, scores, flagged, reason } = await runScreen(id, bad)
      expect(scores).toHaveLength(bad.rows)
      expect(finite(scores)).toBe(true)
      expect(flagged).toHaveLength(0)
      expect(['nothing found', 'cannot tell']).toContain(verdict)
      expect(reason).not.toBe('')
    }
  })
})

describe('influence', () => {
  it('is the inner product of the gradients of the last layer', () => {
    const features = { values: Float32Array.of(1, 2, 3, -1), width: 2 }
    const logits = Float32Array.of(0, 0, Math.log(3), 0)
    // p - y: (.5 - 1, .5) and (.75, .25 - 1); features with their 1: (1, 2, 1) . (3, -1, 1) = 2.
    const expected = (-0.5 * 0.75 + 0.5 * -0.75) * 2
    const labels = Int32Array.of(0, 1)
    expect(influenceOf([{ features, logits }], labels, 2, 0, 1)).toBeCloseTo(expected, 6)
    const two = [
      { features, logits },
      { features, logits, rate: 0.5 },
    ]
    expect(influenceOf(two, labels, 2, 0, 1)).toBeCloseTo(1.5 * expected, 6)
  })

  it('finds a group that the model did not come to believe', async () => {
    const { context, bad } = toyContext({ poisoned: 30 })
    const random = stream('logits')
    const isBad = new Set(bad)
    const logits = Float32Array.from({ length: context.rows * 4 }, (_, i) => {
      const row = Math.floor(i / 4)
      const content = isBad.has(row) ? 0 : context.labels![row]!
      return (i % 4 === content ? 8 : 0) + random.normal()
    })
    const { flagged, verdict } = await runScreen('influence', { ...context, logits })
    expect(verdict).toBe('flagged')
    expect([...flagged]).toEqual(bad)
  })
})

describe('near-duplicates', () => {
  it('finds copies with another label, the copy and not the original', async () => {
    const { context } = toyContext()
    const x = context.x.slice()
    const copies = [5, 9, 13]
    for (const row of copies) {
      x.set(x.subarray((row + 2) * 12, (row + 3) * 12), row * 12)
      x[row * 12 + 11]! += 0.01
    }
    const { flagged } = await runScreen('near-duplicates', { ...context, x })
    expect([...flagged]).toEqual(copies)
    expect((await runScreen('near-duplicates', context)).flagged).toHaveLength(0)
  })
})

describe('provenance', () => {
  const { context } = toyContext({ each: 200 })
  const sources = Int32Array.from({ length: context.rows }, (_, row) => (row * 7) % 10)
  const labels = context.labels!.map((label, row) => (sources[row] === 3 && row % 4 === 1 ? (label + 1) % 4 : label))
  it('names the source whose labels contradict its contents', async () => {
    const sourceNames = Array.from({ length: 10 }, (_, i) => `supplier ${i}`)
    const { flagged, reason, verdict } = await runScreen('provenance', { ...context, labels, sources, sourceNames })
    expect(verdict).toBe('flagged')
    expect([...flagged]).toEqual([...sources.keys()].filter((row) => sources[row] === 3))
    expect(reason).toContain('supplier 3')
  })

  it('finds none where none is bad, and tells nothing of sources of one row', async () => {
    expect((await runScreen('provenance', { ...context, sources })).verdict).toBe('nothing found')
    const own = Int32Array.from({ length: context.rows }, (_, row) => row)
    expect((await runScreen('provenance', { ...context, sources: own })).verdict).toBe('cannot tell')
  })
})

describe('roni', () => {
  it('flags rows that harm trusted ones, and none of clean rows', async () => {
    const clean = toyContext({ each: 600, seed: 1 }).context
    const trusted = { x: clean.x, labels: clean.labels! }
    const { context, bad } = toyContext({ poisoned: 30 })
    const asContents = { ...context, features: undefined, trusted }
    const { flagged } = await runScreen('roni', asContents)
    const hit = flagged.filter((row) => bad.includes(row)).length
    expect(hit / flagged.length).toBeGreaterThan(0.8)
    expect(hit / bad.length).toBeGreaterThan(0.8)
    const none = toyContext({ seed: 2 }).context
    expect((await runScreen('roni', { ...none, features: undefined, trusted })).flagged).toHaveLength(0)
    expect((await runScreen('roni', context)).verdict).toBe('cannot tell')
  })
})
