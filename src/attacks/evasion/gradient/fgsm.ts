import { defineAttack } from '../../../threat/attack.ts'
import { ascend } from './iterative.ts'

/** One step of the full budget along the sign of the gradient, or the normalised one in L2 and L1. */
export const fgsm = defineAttack({
  id: 'fgsm',
  title: 'Fast gradient sign method: one step of the whole budget',
  reference: 'Goodfellow, Shlens and Szegedy 2015, arXiv:1412.6572',
  access: 'gradients',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2', 'l1'],
  parameters: {},
  run: (context) =>
    ascend(context, {
      steps: 1,
      stepSize: context.epsilon,
      restarts: 1,
      randomStart: false,
      sparsity: 1,
      earlyStop: false,
    }),
})
