import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { attacks } from '../attacks/index.ts'
import { type DataSet, openData, viewAs } from '../data/index.ts'
import { detectors, fitDetector } from '../defenses/detectors/index.ts'
import { openClassifier } from '../models/classifier.ts'
import type { FittedDetector } from '../threat/detector.ts'
import { proposing } from '../threat/testing.ts'
import { type DetectionRequest, measureDetection } from './detection.ts'

const example = (name: string): string => fileURLToPath(new URL(`../../examples/digits/${name}`, import.meta.url))
const model = await openClassifier(example('digits.onnx'))
const opened: DataSet[] = []
const digits = async (from: number, to: number): Promise<DataSet> => {
  const set = await openData({
    path: example('images-idx3-ubyte'),
    labels: example('labels-idx1-ubyte'),
    scale: 1 / 255,
    rows: { from, to },
  })
  opened.push(set)
  return viewAs(set, model.input.dims)
}
afterAll(async () => {
  for (const set of opened) await set.close()
  await model.release()
})

const set = await digits(0, 16)
const range = { norm: 'linf', low: 0, high: 1 } as const
const pgd = { attack: attacks.get('pgd')!, parameters: { steps: 20, 'random-start': false, 'early-stop': false } }
const measure = (request: Partial<DetectionRequest>, detector: FittedDetector, threshold: number) =>
  measureDetection({ model, set, detector, threshold, ...pgd, ...range, epsilon: 0.15, ...request })

describe('feature squeezing on digits', () => {
  it('catches PGD, and not the attack that knows of it', async () => {
    const { detector, calibration } = await fitDetector({
      ...{ model, ...range, detector: detectors.get('feature-squeezing')!, parameters: { squeezers: 'median' } },
      ...{ training: await digits(16, 32), heldOut: await digits(32, 152), falsePositiveRate: 0.05 },
    })
    const progress: number[] = []
    const result = await measure(
      { adaptive: { rule: 'orthogonal', steps: 30 }, progress: (done) => progress.push(done) },
      detector,
      calibration.threshold,
    )
    expect(result.rows).toBe(16)
    expect(result.undefended.value).toBeLessThan(0.15)
    expect(result.plain.auc.value).toBeGreaterThan(0.85)
    expect(result.plain.truePositiveRate!.value).toBeGreaterThan(0.75)
    expect(result.plain.robustAccuracy.value).toBeGreaterThan(0.75)
    expect(result.adaptive).toMatchObject({ ran: true, attack: 'joint-pgd' })
    if (result.adaptive.ran) expect(result.adaptive.robustAccuracy.value).toBeLessThan(0.5)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
  })
})

/** Brightness of each picture. */
const clean = await set.read(0, 16)
const means = Array.from(clean.y!, (_, row) => {
  const pixels = clean.x.subarray(row * 784, (row + 1) * 784)
  return Array.from(pixels, Number).reduce((sum, value) => sum + value, 0) / 784
})

describe('what is counted', () => {
  /** The mean of a picture, as a score. */
  const brightness: FittedDetector = {
    key: 'brightness',
    score: ({ g, x }) => g.reduceMean(x, [1, 2, 3]),
  }
  const threshold = [...means].sort((a, b) => a - b)[12]! + 1e-6
  const adaptive = { rule: 'sum', steps: 1 }

  it('clean rows above the threshold, and rows that no attack moves', async () => {
    const still = proposing(({ x0 }) => x0)
    const result = await measure({ attack: still, parameters: {}, adaptive, epsilon: 0 }, brightness, threshold)
    expect(result.cleanAccuracy.value).toBe(1)
    expect(result.falsePositiveRate).toMatchObject({ value: 3 / 16, n: 16 })
    expect(result.acceptedAccuracy.value).toBe(13 / 16)
    expect(result.undefended.value).toBe(1)
    expect(result.plain).toMatchObject({ auc: { value: 0.5 }, aucOfBroken: null, truePositiveRate: null })
    expect(result.plain.robustAccuracy.value).toBe(1)
    expect(result.adaptive).toMatchObject({ ran: true, robustAccuracy: { value: 1 } })
  })

  it('a broken row that is flagged as held, and one that is not as lost, whatever the joint attack does', async () => {
    // Black pictures are dark; white ones are flagged. Both are broken unless the net calls them what they were.
    const extremes = proposing(({ x0, size }) => x0.map((_, i) => (Math.floor(i / size) % 2 === 0 ? 0 : 1)))
    const result = await measure({ attack: extremes, parameters: {}, adaptive, epsilon: 1 }, brightness, threshold)
    const { truePositiveRate, aucOfBroken, robustAccuracy } = result.plain
    const broken = Math.round(16 * (1 - result.undefended.value))
    const caught = Math.round(truePositiveRate!.value * truePositiveRate!.n)
    expect(truePositiveRate!.n).toBe(broken)
    expect(aucOfBroken!.n).toBe(broken + 16)
    expect(caught).toBeGreaterThan(4)
    expect(caught).toBeLessThan(broken)
    expect(robustAccuracy.value).toBe((16 - broken + caught) / 16)
    if (!result.adaptive.ran) throw new Error(result.adaptive.reason)
    expect(result.adaptive.robustAccuracy.value).toBeLessThanOrEqual(robustAccuracy.value)
  })

  it('a detector without a gradient as not judged, with the reason', async () => {
    const coarse: FittedDetector = { key: 'coarse', score: ({ g, x }) => g.reduceMax(g.op('Ceil', [x]), [1, 2, 3]) }
    const { adaptive: judged } = await measure({ parameters: { steps: 1 } }, coarse, 1)
    expect(judged).toMatchObject({ ran: false, reason: expect.stringContaining('no gradient') })
  })
})
