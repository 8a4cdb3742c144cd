import { describe, expect, it } from 'vitest'
import { graphBuilder } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import { detectorScores } from '../../threat/scores.ts'
import { detectors } from './index.ts'
import {
  energyOracle,
  mahalanobisOracle,
  medianOracle,
  nearestNeighboursOracle,
  type Oracle,
  squeezingOracle,
} from './oracles.ts'
import { classifierOf, contextOf, pictures, type Rows, rowOf, shuffled, size } from './testing.ts'

interface Case {
  readonly id: string
  readonly parameters: AnyParameters
  readonly oracle: Oracle
  /** Whether the score's gradient is its own, not an estimate. */
  readonly smooth: boolean
}

const cases: readonly Case[] = [
  { id: 'energy', parameters: { temperature: 2 }, oracle: energyOracle, smooth: true },
  { id: 'mahalanobis', parameters: {}, oracle: mahalanobisOracle, smooth: true },
  { id: 'nearest-neighbours', parameters: { k: 4 }, oracle: nearestNeighboursOracle, smooth: true },
  { id: 'feature-squeezing', parameters: { squeezers: 'median' }, oracle: medianOracle, smooth: true },
  { id: 'feature-squeezing', parameters: { bits: 2 }, oracle: squeezingOracle, smooth: false },
]

const model = await classifierOf()
const training = pictures(40, 'training')
const rows = pictures(12, 'test')
const fit = (id: string, parameters: AnyParameters, on: Rows = training) => {
  const detector = detectors.get(id)!
  return detector.fit(contextOf(model, on), resolveParameters(id, detector.parameters, parameters))
}

it('every detector has a case', () => {
  expect([...new Set(cases.map(({ id }) => id))]).toEqual([...detectors.keys()])
})

describe.each(cases)('$id $parameters', ({ id, parameters, oracle, smooth }) => {
  it('scores rows as its definition says', async () => {
    const scores = await detectorScores(model, await fit(id, parameters), rows.x, 12)
    for (const [row, score] of scores.entries()) {
      const expected = oracle(training, rowOf(rows, row))
      expect(Math.abs(score - expected)).toBeLessThan(2e-5 * (1 + Math.abs(expected)))
    }
  })

  it('does not depend on the order of the rows that it learns from', async () => {
    const one = await detectorScores(model, await fit(id, parameters), rows.x, 12)
    const other = await detectorScores(model, await fit(id, parameters, shuffled(training)), rows.x, 12)
    for (const [row, score] of one.entries()) expect(other[row]).toBeCloseTo(score, 4)
  })

  it('gives every row the same score alone and among others', async () => {
    const fitted = await fit(id, parameters)
    const together = await detectorScores(model, fitted, rows.x, 12)
    const alone = await detectorScores(model, fitted, rowOf(rows, 7).slice(), 1)
    expect(alone[0]).toBeCloseTo(together[7]!, 5)
  })

  it('has a gradient for every row', async () => {
    const fitted = await fit(id, parameters)
    const program = await model.program({
      key: `gradient of ${fitted.key}`,
      inputs: {},
      build: (builder) => ({ slope: builder.gradient(fitted.score(builder)) }),
    })
    const { slope } = await program.run(12, { x: rows.x })
    for (let row = 0; row < 12; row++)
      expect(Math.max(...slope!.subarray(row * size, (row + 1) * size).map(Math.abs))).toBeGreaterThan(1e-6)
    if (!smooth) return
    const step = 1e-6
    for (const at of [0, 5, 16, 37, 101]) {
      const row = Math.floor(at / size)
      const moved = (by: number): number => {
        const x = Float64Array.from(rowOf(rows, row))
        x[at % size]! += by
        return oracle(training, x)
      }
      const difference = (moved(step) - moved(-step)) / (2 * step)
      expect(Math.abs(slope![at]! - difference)).toBeLessThan(1e-4 * (1 + Math.abs(difference)))
    }
  })

  it('is named by what it learnt', async () => {
    const [one, again, other] = [
      await fit(id, parameters),
      await fit(id, parameters),
      await fit(id, parameters, pictures(40, 'other training')),
    ]
    expect(again.key).toBe(one.key)
    if (id === 'mahalanobis' || id === 'nearest-neighbours') expect(other.key).not.toBe(one.key)
  })
})

describe('what can not be fitted is refused', () => {
  it('a neighbour beyond the stored rows', async () => {
    await expect(fit('nearest-neighbours', { k: 5, bank: 4 })).rejects.toMatchObject({ code: 'USAGE' })
  })
  it('a class without rows', async () => {
    const { x, labels } = training
    await expect(fit('mahalanobis', {}, { x, labels: labels.map(() => 1) })).rejects.toMatchObject({
      code: 'DATA_LABEL_INVALID',
      data: { class: 0 },
    })
  })
  it('features that never vary', async () => {
    const labels = Int32Array.of(0, 1, 2)
    await expect(fit('mahalanobis', {}, { x: training.x.slice(0, 48), labels })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
    })
  })
  it('values outside the range', async () => {
    const { x, labels } = training
    await expect(fit('mahalanobis', {}, { x: x.map((v) => 2 * v), labels })).rejects.toMatchObject({
      code: 'DATA_OUT_OF_RANGE',
    })
  })
  it('the energy of probabilities, and medians of rows that are not pictures', async () => {
    const g = graphBuilder()
    const x = g.input('x', 'float32', ['n', 3])
    g.output('probabilities', g.div(g.exp(x), g.reduceSum(g.exp(x), [1], true)))
    const odd = await classifierOf(modelOf(g.build()))
    expect(odd.output.kind).toBe('logits')
    const declared = { ...odd, output: { ...odd.output, kind: 'probabilities', tap: undefined } as const }
    const on = (id: string) => {
      const detector = detectors.get(id)!
      return detector.fit(contextOf(declared, training), resolveParameters(id, detector.parameters, {}))
    }
    await expect(on('energy')).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
    const squeezing = await on('feature-squeezing')
    await expect(detectorScores(declared, squeezing, new Float32Array(3), 1)).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('a bank smaller than the rows', () => {
  it('holds the same rows whatever their order, and others for another seed', async () => {
    const detector = detectors.get('nearest-neighbours')!
    const keyOf = async (on: Rows, seed: number): Promise<string> =>
      (
        await detector.fit(
          { ...contextOf(model, on), seed },
          resolveParameters(detector.id, detector.parameters, { bank: 15 }),
        )
      ).key
    expect(await keyOf(shuffled(training), 0)).toBe(await keyOf(training, 0))
    expect(await keyOf(training, 1)).not.toBe(await keyOf(training, 0))
  })
})
