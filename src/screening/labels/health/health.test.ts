import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { labelFilterSchema } from '../../../contract/labels.ts'
import { findLabelErrors } from '../confident/find-label-errors.ts'
import { drawnLabels, tenRows } from '../confident/testing.ts'
import { labelHealth } from './label-health.ts'
import { estimatedNoise, noiseInterval } from './noise-interval.ts'

const options = { filter: 'prune-by-noise-rate', score: 'self-confidence', adjust: false, seed: 0 } as const
const noisy = drawnLabels({ seed: 3, rows: 400, classes: 4, sharpness: 8, noise: 0.2 })

describe('one estimator behind every count', () => {
  it.each(labelFilterSchema.options)('issues, joint, classes, pairs and score agree (%s)', (filter) => {
    const { issues, counts, interval } = findLabelErrors(noisy, { ...options, filter })
    const health = labelHealth(counts, interval)
    const right = [0, 1, 2, 3].reduce((sum, c) => sum + counts[5 * c]!, 0)
    expect(issues.length).toBeGreaterThan(0)
    expect(health.rows).toBe(400)
    expect(health.rows - right).toBe(issues.length)
    expect(health.issues).toBe(issues.length)
    expect(health.noiseRate.value).toBe(issues.length / 400)
    expect(health.score).toBeCloseTo(right / 400, 12)
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
    expect(sum(health.classes.map(({ wrong }) => wrong))).toBe(issues.length)
    expect(sum(health.classes.map(({ missed }) => missed))).toBe(issues.length)
    expect(sum(health.overlap.map(({ rows }) => rows))).toBe(issues.length)
    for (const { a, b, aToB, bToA } of health.overlap) {
      expect(issues.filter(({ given, suggested }) => given === a && suggested === b)).toHaveLength(aToB)
      expect(issues.filter(({ given, suggested }) => given === b && suggested === a)).toHaveLength(bToA)
    }
  })
  it('finds row 2 of the ten, of class 1, and suggests class 2', () => {
    const { issues, counts, interval } = findLabelErrors(tenRows, options)
    expect(issues).toEqual([{ row: 2, given: 1, suggested: 2, score: 0 }])
    const { score, overlap, noiseRate } = labelHealth(counts, interval)
    expect(score).toBeCloseTo(0.9, 12)
    expect(overlap).toEqual([{ a: 1, b: 2, rows: 1, aToB: 1, bToA: 0, share: 0.1 }])
    expect(noiseRate.n).toBe(10)
  })
  it('ranks the worst first', () => {
    const scores = findLabelErrors(noisy, options).issues.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
  })
})

describe('the interval of the noise rate', () => {
  it('holds the estimate of the joint and the share found, and is narrower for more rows', () => {
    const widths = [200, 3200].map((rows) => {
      const data = drawnLabels({ seed: 5, rows, classes: 4, sharpness: 8, noise: 0.2 })
      const { interval, issues } = findLabelErrors(data, options)
      expect(interval.low).toBeLessThan(Math.min(issues.length / rows, estimatedNoise(data)))
      expect(interval.high).toBeGreaterThan(Math.max(issues.length / rows, estimatedNoise(data)))
      return interval.high - interval.low
    })
    expect(widths[1]).toBeLessThan(widths[0]!)
  })
  it('has the noise that was made in most of 20 data sets', () => {
    const held = Array.from({ length: 20 }, (_, i) => {
      const data = drawnLabels({ seed: 100 + i, rows: 300, classes: 3, sharpness: 12, noise: 0.15 })
      const made = data.truth.filter((truth, row) => truth !== data.labels[row]).length / 300
      const issues = findLabelErrors(data, options).issues.length
      const { low, high } = noiseInterval(data, issues, stream(i))
      return low <= made && made <= high
    })
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(17)
  })
  it('is 0 to something where nothing is wrong', () => {
    const clean = drawnLabels({ seed: 9, rows: 200, classes: 3, sharpness: 60, noise: 0 })
    const { counts, interval } = findLabelErrors(clean, options)
    const { noiseRate } = labelHealth(counts, interval)
    expect(noiseRate.value).toBeLessThan(0.05)
    expect(noiseRate.low).toBe(0)
  })
})
