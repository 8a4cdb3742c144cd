export { findLabelErrors, type LabelErrors } from './confident/find-label-errors.ts'
export type { LabelledProbabilities } from './confident/labelled-probabilities.ts'
export { labelHealth } from './health/label-health.ts'
export { estimatedNoise } from './health/noise-interval.ts'
export { crossValidated } from './out-of-fold/cross-validate.ts'
export { type DrawAnew, networkLike, networkOf } from './out-of-fold/fresh-network.ts'
export { standardised } from './out-of-fold/standardised.ts'
export {
  type CrossValidationRecipe,
  crossValidationParameters,
  epochsFor,
  type FreshNetwork,
} from './out-of-fold/training.ts'
