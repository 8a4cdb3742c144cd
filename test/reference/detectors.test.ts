import { expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { openData } from '../../src/data/index.ts'
import { detectors } from '../../src/defenses/detectors/index.ts'
import { aucFigure } from '../../src/stats/index.ts'
import { resolveParameters } from '../../src/threat/parameters.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { detectorScores } from '../../src/threat/scores.ts'
import { digits, example, model } from '../support/fixtures.ts'

/**
 * Squeezers of ART 1.20 before mnist-cnn: area under the ROC curve of the L1 distance of the softmax, clean rows against
 * those of PGD (40 steps, Linf 0.1), and the mean distance of clean rows. Rows 0 to 511 of MNIST's test set.
 */
const references = [
  { parameters: { squeezers: 'bit-depth', bits: 1 }, auc: 0.9698677062988281, meanClean: 0.009537940844893456 },
  { parameters: { squeezers: 'median', window: 2 }, auc: 0.9456863403320312, meanClean: 0.015519724227488041 },
] as const

// A quarter of the rows is what a few seconds allow; its own interval says how far the area may be from that of all.
const rows = process.env.LONG ? 512 : 128

it('feature squeezing tells PGD from clean digits as well as in ART', { timeout: 60_000 }, async () => {
  const cnn = await model('mnist-cnn')
  const { x, y } = await digits(rows)
  const { adversarial } = await runAttack({
    ...{ model: cnn, x, labels: y, attack: attacks.get('pgd')!, norm: 'linf', epsilon: 0.1, low: 0, high: 1 },
    parameters: { steps: 40, 'step-size': 0.01, 'random-start': false, 'early-stop': false },
  })
  const [path, labels] = [example('digits/images-idx3-ubyte'), example('digits/labels-idx1-ubyte')]
  const set = await openData({ path, labels, scale: 1 / 255, shape: [1, 28, 28], rows: { from: 0, to: rows } })
  const squeezing = detectors.get('feature-squeezing')!
  for (const { parameters, auc, meanClean } of references) {
    const scores = await squeezing.fit(
      { model: cnn, set, low: 0, high: 1, seed: 0, progress: () => {} },
      resolveParameters(squeezing.id, squeezing.parameters, parameters),
    )
    const negatives = await detectorScores(cnn, scores, x, rows)
    const found = aucFigure({ positives: await detectorScores(cnn, scores, adversarial, rows), negatives })
    expect(found.low).toBeLessThan(auc)
    expect(found.high).toBeGreaterThan(auc)
    if (rows < 512) continue
    expect(Math.abs(found.value - auc)).toBeLessThan(0.002)
    expect(negatives.reduce((sum, score) => sum + score, 0) / rows).toBeCloseTo(meanClean, 6)
  }
  await set.close()
  await cnn.release()
})
