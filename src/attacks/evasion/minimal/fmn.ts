import { defineAttack } from '../../../threat/attack.ts'
import { fmnRule } from './fmn-rule.ts'
import { descend } from './norm-descent.ts'

/**
 * Steps along the margin's gradient, each projected onto a ball whose radius follows the decision boundary. Steps are
 * measured by the ball, where the paper's have a length that has to be tuned to each model.
 */
export const fmn = defineAttack({
  id: 'fmn',
  title: 'Fast minimum norm attack: the smallest perturbation in any norm',
  reference: 'Pintor et al. 2021, arXiv:2102.12827',
  access: 'gradients',
  norms: ['linf', 'l2', 'l1', 'l0'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 100, min: 1, help: 'gradient steps' },
    'step-size': {
      kind: 'number',
      default: 2,
      min: 0,
      help: "length of the first step, in lengths of the ball's perturbations in L2; the last is a hundredth of it",
    },
    gamma: {
      kind: 'number',
      default: 0.05,
      min: 0,
      max: 1,
      help: "share by which the first steps change the ball's radius, falling to a thousandth",
    },
    'early-stop': { kind: 'boolean', default: false, help: 'leave a row once a point within the budget breaks it' },
  },
  run: (context, { steps, 'step-size': stepSize, gamma, 'early-stop': earlyStop }) =>
    descend(context, { steps, stepSize, earlyStop }, fmnRule(context, gamma)),
})
