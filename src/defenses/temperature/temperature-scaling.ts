import type { Figure } from '../../contract/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { Model } from '../../onnx/types.ts'
import { fitTemperature } from './fit.ts'
import { withTemperature } from './with-temperature.ts'

export interface TemperatureScaled {
  readonly model: Model
  readonly temperature: Figure
}

/**
 * Temperature scaling (Guo et al. 2017, arXiv:1706.04599): fits one number on held-out rows and writes it into the
 * model. It mends confidence, not robustness: decisions stay, and attacks are rescaled only. Judge the result on other
 * rows than these. Throws what `fitTemperature` and `withTemperature` throw.
 */
export const temperatureScaling = async (
  classifier: Classifier,
  { x, labels }: { readonly x: Float32Array | BigInt64Array; readonly labels: Int32Array },
): Promise<TemperatureScaled> => {
  const program = await classifier.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
  const { logits } = await program.run(labels.length, { x })
  const temperature = fitTemperature({ logits: logits!, labels, classes: classifier.classes })
  return { model: withTemperature(classifier.source, classifier.output, temperature.value), temperature }
}
