import { BartizanError } from '../base/errors.ts'
import type { Classifier } from '../models/classifier.ts'
import type { FittedDetector } from './detector.ts'

/** The detector's score of each row, row-major rows given. Throws MODEL_OUTPUT_INVALID for a score of NaN. */
export const detectorScores = async (
  model: Classifier,
  detector: FittedDetector,
  x: Float32Array,
  rows: number,
): Promise<Float32Array> => {
  if (rows === 0) return new Float32Array(0)
  const program = await model.program({
    key: `score ${detector.key}`,
    inputs: {},
    build: (builder) => ({ score: detector.score(builder) }),
  })
  const { score } = await program.run(rows, { x })
  const bad = score!.findIndex(Number.isNaN)
  if (bad >= 0)
    throw new BartizanError('MODEL_OUTPUT_INVALID', `the detector's score of row ${bad} is NaN`, {
      hint: 'look at this row: a model that gives NaN or infinite features or logits has no score',
      data: { row: bad },
    })
  return score!
}
