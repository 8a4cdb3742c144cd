import { defineAttack } from '../../../threat/attack.ts'
import { ascend } from './iterative.ts'

/** Projected gradient ascent from random points of the ball. */
export const pgd = defineAttack({
  id: 'pgd',
  title: 'Projected gradient descent with random starts',
  reference: 'Madry et al. 2018, arXiv:1706.06083',
  access: 'gradients',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2', 'l1'],
  parameters: {
    steps: { kind: 'integer', default: 40, min: 1, help: 'gradient steps' },
    'step-size': {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'length of a step in input units; 0: 2.5 epsilon / steps, which reaches the surface from any start',
    },
    restarts: { kind: 'integer', default: 1, min: 1, help: 'random starts for each row that is not broken yet' },
    'random-start': {
      kind: 'boolean',
      default: true,
      help: 'start from a uniform point of the ball, not the clean row',
    },
    sparsity: { kind: 'number', default: 0.01, min: 0, max: 1, help: 'share of the coordinates that an L1 step moves' },
    'early-stop': { kind: 'boolean', default: true, help: 'leave a row as soon as it is broken' },
    eot: {
      kind: 'integer',
      default: 1,
      min: 1,
      help: 'gradients averaged in each step, for models that draw random numbers in every run',
    },
  },
  run: (context, parameters) =>
    ascend(context, {
      steps: parameters.steps,
      stepSize: parameters['step-size'] || (2.5 * context.epsilon) / parameters.steps,
      restarts: parameters.restarts,
      randomStart: parameters['random-start'],
      sparsity: Math.max(1, Math.round(parameters.sparsity * context.size)),
      earlyStop: parameters['early-stop'],
      samples: parameters.eot,
    }),
})
