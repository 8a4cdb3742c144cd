import { defineAttack } from '../../../threat/attack.ts'
import { climbWithMomentum, momentumParameters } from './momentum.ts'

/** Gradients gathered with momentum, which leads past poor maxima and carries over to other models better. */
export const miFgsm = defineAttack({
  id: 'mi-fgsm',
  title: 'Momentum iterative FGSM, with input diversity (DI) and translation invariance (TI) on request',
  reference:
    'Dong et al. 2018, arXiv:1710.06081; DI: Xie et al. 2019, arXiv:1803.06978; TI: Dong et al. 2019, arXiv:1904.02884',
  access: 'gradients',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2', 'l1'],
  parameters: {
    ...momentumParameters,
    'early-stop': { kind: 'boolean', default: true, help: 'leave a row as soon as it is broken' },
  },
  run: (context, parameters) =>
    climbWithMomentum(context, [context.target], {
      parameters,
      fused: false,
      earlyStop: parameters['early-stop'],
    }),
})
