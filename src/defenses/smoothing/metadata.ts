import { BartizanError } from '../../base/errors.ts'
import type { Model } from '../../onnx/index.ts'
import { parameterFault, type SmoothingParameters } from './options.ts'

const prefix = 'bartizan.smoothing.'
const names = ['sigma', 'n0', 'n', 'alpha'] as const

/**
 * The model with the parameters of its smoothing among its metadata (`bartizan.smoothing.sigma`, `.n0`, `.n`,
 * `.alpha`), for a file trained with noise of that sigma. Throws USAGE for parameters without meaning.
 *
 * The file alone is not the smoothed classifier, which votes over random noise and so is no single run of a graph. Run
 * once, the file gives the bare model's answer, for which no certificate holds. Whoever deploys it must, for each row:
 * 1. make n copies and add to every value of every copy normal noise of standard deviation sigma, fresh from an
 *    unpredictable source, in the units of the model's input (before any preprocessing outside the graph) and without
 *    clipping;
 * 2. run the copies, in any batches, and count the class with the largest score of each;
 * 3. answer with the commonest class if the two-sided binomial test of its votes against those of the second commonest
 *    has a p-value of at most alpha, and with no class otherwise.
 * `predictSmoothed` does this. `certify`, which also needs n0, gives the radius within which an answer can't change.
 */
export const withSmoothingMetadata = (model: Model, parameters: SmoothingParameters): Model => {
  const fault = parameterFault(parameters)
  if (fault) throw new BartizanError('USAGE', fault, { data: { ...parameters } })
  const entries = Object.fromEntries(names.map((name) => [prefix + name, String(parameters[name])]))
  return { ...model, metadata: { ...model.metadata, ...entries } }
}

/**
 * The smoothing that a model's metadata ask for; undefined where they don't mention it. What a caller must do with it is
 * told at `withSmoothingMetadata`. Throws MODEL_CORRUPT where keys are missing or hold no usable numbers.
 */
export const smoothingMetadata = ({ metadata }: Pick<Model, 'metadata'>): SmoothingParameters | undefined => {
  if (!names.some((name) => prefix + name in metadata)) return undefined
  const [sigma, n0, n, alpha] = names.map((name) => numberOf(metadata[prefix + name]))
  const parameters = { sigma: sigma!, n0: n0!, n: n!, alpha: alpha! }
  const fault = parameterFault(parameters)
  if (fault)
    throw new BartizanError('MODEL_CORRUPT', `the model's metadata ${prefix}* can't be used: ${fault}`, {
      hint: 'write them with `withSmoothingMetadata`',
      data: { ...metadata },
    })
  return parameters
}

/** NaN for what is missing or is no plain number; Number('') would be 0. */
const numberOf = (text: string | undefined): number => (text?.trim() ? Number(text) : Number.NaN)
