import { defineAttack } from '../../../threat/attack.ts'
import { shrinkLinf } from './cw-linf-run.ts'

/**
 * The smallest Linf change by Adam in tanh space: what exceeds a size tau is penalised, and tau falls below every size
 * that a point reaches. Unlike the paper's, a row doesn't start over for each constant and tau; it goes on from where it
 * is, which takes a fraction of the steps. The candidate is the nearest point found, within the budget or not.
 */
export const cwLinf = defineAttack({
  id: 'cw-linf',
  title: 'Carlini and Wagner: the smallest Linf change by gradient descent',
  reference: 'Carlini and Wagner 2017, arXiv:1608.04644',
  access: 'gradients',
  norms: ['linf'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 500, min: 1, help: 'gradient steps of a row at most' },
    patience: { kind: 'integer', default: 40, min: 1, help: 'steps without a success before the weight grows' },
    decrease: { kind: 'number', default: 0.9, min: 0, max: 1, help: 'the next size to reach, as a share of the last' },
    'learning-rate': { kind: 'number', default: 0.1, min: 0, help: "length of Adam's steps in tanh space" },
    confidence: { kind: 'number', default: 0, min: 0, help: 'margin of logits that a point must reach' },
    'early-stop': { kind: 'boolean', default: false, help: 'leave a row once a point within the budget breaks it' },
  },
  run: (context, parameters) =>
    shrinkLinf(context, {
      steps: parameters.steps,
      patience: parameters.patience,
      decrease: parameters.decrease,
      learningRate: parameters['learning-rate'],
      confidence: parameters.confidence,
      earlyStop: parameters['early-stop'],
    }),
})
