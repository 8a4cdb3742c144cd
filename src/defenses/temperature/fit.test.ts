import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { calibrationOf } from '../../stats/calibration.ts'
import type { ScoredRows } from '../../stats/log-softmax.ts'
import { fitTemperature } from './fit.ts'

/** Rows whose labels are drawn from softmax(logits / temperature). */
const drawn = (rows: number, classes: number, temperature: number, key: string | number): ScoredRows => {
  const random = stream('temperature', key)
  const logits = Array.from({ length: rows * classes }, () => 4 * random.normal())
  const labels = Array.from({ length: rows }, (_, row) => {
    const weights = logits.slice(row * classes, (row + 1) * classes).map((z) => Math.exp(z / temperature))
    let left = random.uniform() * weights.reduce((sum, w) => sum + w, 0)
    const label = weights.findIndex((w) => {
      left -= w
      return left < 0
    })
    return label < 0 ? classes - 1 : label
  })
  return { logits, labels, classes }
}

const logLoss = (scored: ScoredRows, temperature: number): number =>
  calibrationOf(scored, { temperature }).logLoss.value

describe('fitTemperature', () => {
  it.each([0.3, 1, 2.5, 20])('finds the temperature %d that labels were drawn with', (temperature) => {
    const { value, low, high } = fitTemperature(drawn(3000, 5, temperature, 0))
    expect(low).toBeLessThan(temperature)
    expect(high).toBeGreaterThan(temperature)
    expect(value / temperature).toBeCloseTo(1, 0)
  })

  it('is where the loss is least', () => {
    const scored = drawn(200, 3, 1.7, 'least')
    const { value } = fitTemperature(scored)
    const least = logLoss(scored, value)
    for (const factor of [0.5, 0.99, 1.01, 2]) expect(logLoss(scored, value * factor)).toBeGreaterThan(least)
    const step = 1e-4
    const slope = (logLoss(scored, value * (1 + step)) - logLoss(scored, value * (1 - step))) / (2 * step)
    expect(Math.abs(slope)).toBeLessThan(1e-7)
  })

  it('scales with the logits, and does not see what they have in common', () => {
    const scored = drawn(200, 4, 1.3, 'scale')
    const { value } = fitTemperature(scored)
    const tenfold = { ...scored, logits: Array.from(scored.logits, (z) => 10 * z) }
    expect(fitTemperature(tenfold).value / value).toBeCloseTo(10, 10)
    const shifted = { ...scored, logits: Array.from(scored.logits, (z, i) => z + 64 * Math.floor(i / 4)) }
    expect(fitTemperature(shifted).value).toBeCloseTo(value, 10)
  })

  it('is right for logits that a probability could not hold', () => {
    const logits = [3000, -3000, 2000, -2000, -500, 500, 1000, 0]
    const { value } = fitTemperature({ logits, labels: [0, 0, 0, 0], classes: 2 })
    expect(logLoss({ logits, labels: [0, 0, 0, 0], classes: 2 }, value)).toBeLessThan(Math.log(2))
    expect(value).toBeGreaterThan(100)
  })

  it('has an interval that holds the truth 19 times in 20', () => {
    let held = 0
    for (let repeat = 0; repeat < 200; repeat++) {
      const { low, high } = fitTemperature(drawn(150, 3, 2, repeat))
      if (low <= 2 && 2 <= high) held++
    }
    expect(held).toBeGreaterThanOrEqual(182)
    expect(held).toBeLessThan(200)
  })

  it.each([
    ['all rows are right', [2, 1, 1, 3], [0, 1], 'right about all 2 rows'],
    ['the logits are worse than chance', [2, 1, 1, 3], [1, 0], 'no higher than the others'],
    ['the logits say nothing', [1, 1, 1, 1], [1, 0], 'no higher than the others'],
  ])('refuses where %s', (_, logits, labels, message) => {
    expect(() => fitTemperature({ logits, labels, classes: 2 })).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED', message: expect.stringContaining(message) }),
    )
  })
})
