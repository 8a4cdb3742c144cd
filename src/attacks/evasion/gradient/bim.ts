import { defineAttack } from '../../../threat/attack.ts'
import { ascend } from './iterative.ts'

/** Repeated small gradient steps from the clean row. */
export const bim = defineAttack({
  id: 'bim',
  title: 'Basic iterative method: projected gradient steps without a random start',
  reference: 'Kurakin, Goodfellow and Bengio 2017, arXiv:1607.02533',
  access: 'gradients',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2', 'l1'],
  parameters: {
    steps: { kind: 'integer', default: 10, min: 1, help: 'gradient steps' },
    'step-size': {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'length of a step in input units; 0: a quarter of epsilon',
    },
    'early-stop': { kind: 'boolean', default: true, help: 'leave a row as soon as it is broken' },
  },
  run: (context, parameters) =>
    ascend(context, {
      steps: parameters.steps,
      stepSize: parameters['step-size'] || context.epsilon / 4,
      restarts: 1,
      randomStart: false,
      sparsity: 1,
      earlyStop: parameters['early-stop'],
    }),
})
