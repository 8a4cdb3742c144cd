import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openData } from '../../data/index.ts'
import { openClassifier } from '../../models/classifier.ts'
import { clopperPearsonLow, normalQuantile } from '../../stats/index.ts'
import { certify } from './certify.ts'
import { certifiedCurve } from './curve.ts'
import { collect } from './testing.ts'

const digits = (name: string) => fileURLToPath(new URL(`../../../examples/digits/${name}`, import.meta.url))
const n = 1000
const rows = { from: 5, to: 13 }

// ART 1.20.1, certify(n=1000) with 100 copies to select and alpha = 0.001, rows 5 to 12 of MNIST's test set; -1 abstains.
const reference = [
  {
    sigma: 0.25,
    predictions: [1, 4, 9, 5, 9, 0, 6, 9],
    radii: [0.61582, 0.54442, 0.61582, 0.55658, 0.57107, 0.61582, 0.61582, 0.40114],
  },
  {
    sigma: 0.5,
    predictions: [1, 4, -1, 5, 9, 0, 6, -1],
    radii: [0.54184, 0.3061, 0, 0.66244, 0.12396, 0.6355, 0.27332, 0],
  },
] as const

const radiusOf = (count: number, sigma: number): number => sigma * normalQuantile(clopperPearsonLow(count, n, 0.001))

/** The votes that a radius comes from. */
const votesFor = (radius: number, sigma: number): number => {
  let count = n
  while (radiusOf(count, sigma) > radius + 1e-4) count--
  return count
}

describe('certificates of the digits model agree with an independent tool', () => {
  it.each(reference)('within sampling error, sigma = $sigma', async ({ sigma, predictions, radii }) => {
    const set = await openData({
      path: digits('images-idx3-ubyte'),
      labels: digits('labels-idx1-ubyte'),
      scale: 1 / 255,
    })
    const model = await openClassifier(digits('digits.onnx'))
    const { y } = await set.read(rows.from, rows.to)
    const certificates = await collect(certify(model, set, { sigma, n, rows, low: 0, high: 1 }))
    await set.close()
    expect(certificates.map(({ row }) => row)).toEqual(predictions.map((_, i) => i + rows.from))
    for (const [i, { prediction, counts, radius }] of certificates.entries()) {
      expect(prediction).toBe(predictions[i] === -1 ? 'abstain' : predictions[i])
      if (prediction === 'abstain') continue
      const [ours, theirs] = [counts[prediction]!, votesFor(radii[i]!, sigma)]
      const variance = (ours * (n - ours) + theirs * (n - theirs)) / n
      expect(Math.abs(ours - theirs), `votes of row ${i}: ${ours}, ${theirs}`).toBeLessThan(4 * Math.sqrt(variance) + 4)
      expect(radius).toBe(radiusOf(ours, sigma))
    }
    const right = predictions.filter((prediction, i) => prediction === y![i]).length
    expect(certifiedCurve(certificates, y!, [0])[0]!.accuracy.value).toBe(right / predictions.length)
  })
})
