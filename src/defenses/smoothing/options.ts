import { BartizanError } from '../../base/errors.ts'
import type { RowRange } from '../../contract/index.ts'
import type { Classifier } from '../../models/classifier.ts'

/** What defines a smoothed classifier's answers, besides the model. */
export interface SmoothingParameters {
  /** Standard deviation of the noise, in the units of the model's input. */
  readonly sigma: number
  /** Noisy copies of a row from which its class is guessed; 100 in the paper. */
  readonly n0: number
  /** Noisy copies of a row by which the guess, or a prediction, is tested; 100,000 in the paper. */
  readonly n: number
  /** A certificate, or a prediction, is wrong with at most this probability; 0.001 in the paper. */
  readonly alpha: number
}

export interface SmoothingRun {
  /** Noisy copies held at once; results don't depend on it. */
  readonly batch?: number
  readonly seed?: number
  /** Some rows of a data set, counted within it, so that a run that was cut short can go on. Not for rows in memory. */
  readonly rows?: Partial<RowRange>
  /** The declared input range: a clean value outside it is an error. The noise may leave it. */
  readonly low?: number
  readonly high?: number
  /** Called with the share of the whole that is done. */
  readonly progress?: (done: number) => void
}

export const defaultN0 = 100
export const defaultAlpha = 0.001

/** What is wrong with the parameters, or undefined. */
export const parameterFault = ({ sigma, n0, n, alpha }: SmoothingParameters): string | undefined => {
  if (!(sigma > 0 && Number.isFinite(sigma))) return `sigma is ${sigma}; it must be a positive number`
  if (!(alpha > 0 && alpha < 1)) return `alpha is ${alpha}; it must lie between 0 and 1`
  for (const [name, value] of Object.entries({ n0, n }))
    if (!(Number.isSafeInteger(value) && value > 0)) return `${name} is ${value}; it must be a positive whole number`
  return undefined
}

/**
 * Throws USAGE for parameters without meaning and where `fewest` says that so few noisy copies can decide nothing,
 * MODEL_UNSUPPORTED for a model whose input holds whole numbers.
 */
export const requireSmoothing = (
  model: Classifier,
  parameters: SmoothingParameters,
  batch: number,
  fewest: number,
): void => {
  const { n, alpha } = parameters
  const fault = parameterFault(parameters)
  if (fault) throw new BartizanError('USAGE', fault, { data: { ...parameters } })
  if (!(Number.isSafeInteger(batch) && batch > 0))
    throw new BartizanError('USAGE', `the batch is ${batch} noisy copies; it must be a positive whole number`)
  if (n < fewest)
    throw new BartizanError('USAGE', `n = ${n} noisy copies can't decide any row at alpha = ${alpha}`, {
      hint: `give at least ${fewest}, or a larger alpha`,
      data: { n, alpha, fewest },
    })
  if (!model.input.dtype.includes('float'))
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      `noise can't be added to input "${model.input.name}": it is ${model.input.dtype}`,
      {
        hint: 'randomised smoothing is for real-valued inputs',
      },
    )
}
