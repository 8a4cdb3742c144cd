import { defineAttack } from '../../../threat/attack.ts'
import { deepfool as run } from './deepfool-run.ts'

/**
 * Steps to the nearest decision boundary as if the model were linear, until the class changes; then back
 * towards the clean row as far as the class stays changed.
 */
export const deepfool = defineAttack({
  id: 'deepfool',
  title: 'DeepFool: steps to the nearest linearised boundary',
  reference: 'Moosavi-Dezfooli et al. 2016, arXiv:1511.04599',
  access: 'gradients',
  norms: ['l2', 'linf'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 50, min: 1, help: 'steps at most' },
    candidates: {
      kind: 'integer',
      default: 10,
      min: 2,
      help: 'classes that boundaries are sought between: the label and the likeliest others',
    },
    overshoot: { kind: 'number', default: 0.02, min: 0, help: 'share by which the steps are stretched' },
    halvings: {
      kind: 'integer',
      default: 10,
      min: 0,
      help: 'points looked at on the way back, each halving how far beyond the boundary a row may stay',
    },
    'as-written': {
      kind: 'boolean',
      default: false,
      help: "add up whole steps, with what the inputs' range cut off them, and stretch the sum, as the paper's code does",
    },
  },
  run: (context, parameters) => run(context, { ...parameters, asWritten: parameters['as-written'] }),
})
