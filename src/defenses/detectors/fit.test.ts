import { describe, expect, it } from 'vitest'
import { detectorScores } from '../../threat/scores.ts'
import { detectors, type FitRequest, fitDetector } from './index.ts'
import { classifierOf, pictures, setOf } from './testing.ts'

const model = await classifierOf()
const clean = pictures(60, 'held out')
const fitting = (request: Partial<FitRequest> = {}) =>
  fitDetector({
    model,
    detector: detectors.get('mahalanobis')!,
    training: setOf(pictures(40, 'training'), 'training.npy'),
    heldOut: setOf(clean, 'held-out.npy'),
    falsePositiveRate: 0.1,
    low: 0,
    high: 1,
    ...request,
  })

describe('a fitted detector', () => {
  it('flags at most the stated share of the rows that set its threshold', async () => {
    const progress: number[] = []
    const { id, detector, calibration } = await fitting({ progress: (done) => progress.push(done) })
    expect(id).toBe('mahalanobis')
    const scores = await detectorScores(model, detector, clean.x, 60)
    const flagged = scores.filter((score) => score > calibration.threshold).length
    // 6.1 of 61 ranks: the sixth largest is the threshold.
    expect(flagged).toBe(5)
    expect(calibration.falsePositiveRate).toMatchObject({ value: 5 / 60, n: 60 })
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
  })

  it('needs enough rows for its rate', async () => {
    await expect(fitting({ falsePositiveRate: 0.01 })).rejects.toMatchObject({ code: 'USAGE', data: { needed: 99 } })
  })

  it('is not calibrated on rows that it learnt from', async () => {
    const training = setOf(clean, 'same.npy')
    await expect(fitting({ training, heldOut: setOf(clean, 'same.npy', 59) })).rejects.toMatchObject({ code: 'USAGE' })
    expect(await fitting({ training, heldOut: setOf(clean, 'same.npy', 60) })).toBeDefined()
  })

  it('has the parameters it was asked for, and no others', async () => {
    const detector = detectors.get('nearest-neighbours')!
    expect((await fitting({ detector, parameters: { k: 3 } })).parameters).toEqual({ k: 3, bank: 2000 })
    await expect(fitting({ detector, parameters: { n: 3 } })).rejects.toMatchObject({ code: 'USAGE' })
  })
})
