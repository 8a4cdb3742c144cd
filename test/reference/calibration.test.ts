import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { calibrationOf } from '../../src/stats/calibration.ts'
import { targetOf } from '../../src/threat/target.ts'
import { fixture, model } from '../support/fixtures.ts'

/** The rows of scikit-learn's breast cancer data that the stored models were not trained on. */
const heldOut = (): { readonly x: Float32Array; readonly labels: number[] } => {
  const [, ...lines] = readFileSync(fixture('data/breast-cancer.csv'), 'utf8').trim().split('\n')
  const cells = lines.map((line) => line.trim().split(',')).filter((row) => row[31] === 'test')
  return {
    x: Float32Array.from(
      cells.flatMap((row) => row.slice(0, 30)),
      Number,
    ),
    labels: cells.map((row) => Number(row[30])),
  }
}

it("a logistic regression's calibration is what scikit-learn 1.2.1 says", async () => {
  const { x, labels } = heldOut()
  const logreg = await model('breast-cancer-logreg')
  const logits = await targetOf(logreg, 'scores').logits(x, labels.length)
  await logreg.release()
  const measured = calibrationOf({ logits, labels, classes: 2 }, { bins: 10 })
  expect(measured.accuracy).toMatchObject({ value: 168 / 171, n: 171 })
  expect(measured.accuracy.low).toBeCloseTo(0.9496962348678732, 10)
  // brier_score_loss counts one of the two classes; log_loss; ten bins of equal width on the confidence.
  expect(measured.brier.value).toBeCloseTo(2 * 0.010980573070273903, 6)
  expect(measured.logLoss.value).toBeCloseTo(0.04050777580877191, 6)
  expect(measured.expectedError.value).toBeCloseTo(0.016937981786249154, 6)
})
