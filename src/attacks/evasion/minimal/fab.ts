import { defineAttack } from '../../../threat/attack.ts'
import { aimsOf } from '../rows/goal.ts'
import { fabTargeted as run } from './fab-run.ts'

/**
 * Looks for the nearest point of each target class by repeated projection onto the linearised decision boundary within
 * the box, biased towards the clean row. The candidate is the nearest point found over all targets, within the budget or
 * not: the runner counts it only where it is.
 */
export const fabTargeted = defineAttack({
  id: 'fab-t',
  title: 'Fast adaptive boundary attack, targeted: the nearest point beyond the boundary',
  reference: 'Croce and Hein 2020, arXiv:1907.02044',
  access: 'gradients',
  norms: ['linf', 'l2', 'l1'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 100, min: 1, help: 'projection steps for each target class' },
    restarts: {
      kind: 'integer',
      default: 1,
      min: 1,
      help: 'starts for each target class: the first from the clean row, the others from random points near it',
    },
    targets: { kind: 'integer', default: 9, min: 1, help: 'classes to aim at, likeliest first; at most all others' },
    'alpha-max': {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 1,
      help: "largest weight of the clean row's own projection, which biases the search towards it",
    },
    eta: { kind: 'number', default: 1.05, min: 1, help: 'how far a step goes, 1 ending on the linearised boundary' },
    beta: {
      kind: 'number',
      default: 0.9,
      min: 0,
      max: 1,
      help: 'after a success the search goes on from this share of the way from the clean row',
    },
    'early-stop': { kind: 'boolean', default: false, help: 'leave a row once a point within the budget breaks it' },
  },
  run: async (context, parameters) =>
    run(context, {
      steps: parameters.steps,
      restarts: parameters.restarts,
      alphaMax: parameters['alpha-max'],
      eta: parameters.eta,
      beta: parameters.beta,
      earlyStop: parameters['early-stop'],
      aims: await aimsOf(context, parameters.targets),
    }),
})
