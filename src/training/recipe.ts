import { adam, adamw, momentum, type Optimiser, sgd } from '../onnx/optimisers.ts'
import type { AugmentOptions } from './augment.ts'
import { type Schedule, scheduleNames, scheduleOf } from './schedule.ts'

/** The knobs that every way of training has, under the literature's names. */
export const recipeParameters = {
  from: {
    kind: 'choice',
    default: 'weights',
    choices: ['weights', 'scratch'],
    help: "scratch: weights are drawn anew first, by torch's defaults; weights: training goes on from those in the file",
  },
  epochs: { kind: 'integer', default: 10, min: 1, help: 'passes over the training rows' },
  batch: { kind: 'integer', default: 128, min: 1, help: 'rows a step' },
  optimiser: {
    kind: 'choice',
    default: 'momentum',
    choices: ['sgd', 'momentum', 'adam', 'adamw'],
    help: 'kind of step',
  },
  'learning-rate': { kind: 'number', default: 0.05, min: 0, help: 'highest rate of the schedule' },
  momentum: { kind: 'number', default: 0.9, min: 0, max: 1, help: 'share of the velocity that a step keeps' },
  nesterov: { kind: 'boolean', default: false, help: 'momentum that looks ahead' },
  'weight-decay': { kind: 'number', default: 0, min: 0, help: 'how strongly weights are drawn towards 0' },
  schedule: { kind: 'choice', default: 'cosine', choices: scheduleNames, help: 'course of the learning rate' },
  warmup: { kind: 'number', default: 0, min: 0, max: 0.99, help: 'share of the steps over which the rate rises' },
  clip: { kind: 'number', default: 0, min: 0, help: 'largest L2 norm of a gradient; 0: as it comes' },
  'label-smoothing': {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    help: 'share of the target given to all classes',
  },
  'class-weights': {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'balanced'],
    help: 'balanced: rare classes count more',
  },
  shift: { kind: 'integer', default: 0, min: 0, help: 'images are moved by up to so many pixels' },
  flip: { kind: 'boolean', default: false, help: 'images are mirrored every other time' },
  noise: { kind: 'number', default: 0, min: 0, help: 'standard deviation of Gaussian noise, in input units' },
  patience: {
    kind: 'integer',
    default: 0,
    min: 0,
    help: 'epochs without a better validation before stopping; 0: never',
  },
  'batch-norm': {
    kind: 'choice',
    default: 'training',
    choices: ['training', 'inference'],
    help: 'inference: keeps its statistics',
  },
  'validation-rows': { kind: 'integer', default: 512, min: 1, help: 'rows that choose the best epoch' },
  'validation-steps': {
    kind: 'integer',
    default: 10,
    min: 0,
    help: 'PGD steps of the robust validation; 0: clean only',
  },
} as const

export interface RecipeChoice {
  readonly optimiser: string
  readonly 'learning-rate': number
  readonly momentum: number
  readonly nesterov: boolean
  readonly 'weight-decay': number
  readonly schedule: string
  readonly warmup: number
}

export const optimiserOf = (choice: RecipeChoice): Optimiser => {
  const weightDecay = choice['weight-decay']
  switch (choice.optimiser) {
    case 'sgd':
      return sgd({ weightDecay })
    case 'momentum':
      return momentum({ weightDecay, momentum: choice.momentum, nesterov: choice.nesterov })
    case 'adam':
      return adam({ weightDecay })
    default:
      return adamw({ weightDecay })
  }
}

export const scheduleFrom = ({ schedule, 'learning-rate': rate, warmup }: RecipeChoice): Schedule =>
  scheduleOf({ name: schedule as (typeof scheduleNames)[number], rate, warmup })

export const augmentFrom = (choice: {
  readonly shift: number
  readonly flip: boolean
  readonly noise: number
}): AugmentOptions => ({ shift: choice.shift, flip: choice.flip, noise: choice.noise })

/** n / (classes × rows of the class): every class then has the same part in the loss. */
export const balancedWeights = (labels: Int32Array, classes: number): Float32Array => {
  const counts = new Float32Array(classes)
  for (const label of labels) counts[label]!++
  return counts.map((count) => (count === 0 ? 0 : labels.length / (classes * count)))
}
