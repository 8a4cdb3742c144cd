import { defineAttack } from '../../../threat/attack.ts'
import { aimsOf } from '../rows/goal.ts'
import { apgd } from './apgd-run.ts'

const shared = {
  steps: { kind: 'integer', default: 100, min: 1, help: 'gradient steps of each climb' },
  restarts: {
    kind: 'integer',
    default: 1,
    min: 1,
    help: 'random starts for each row that is not broken yet (and each target class)',
  },
  rho: {
    kind: 'number',
    default: 0.75,
    min: 0,
    max: 1,
    help: 'the step is halved where no more than this share of the steps since the last checkpoint raised the loss',
  },
  eot: {
    kind: 'integer',
    default: 1,
    min: 1,
    help: 'draws that loss and gradient are averaged over in each step, for models that draw random numbers in every run',
  },
  'wider-first': {
    kind: 'boolean',
    default: true,
    help: 'L1 only: spend 30 % of the steps each in balls 3 and 2 times as wide as the budget first',
  },
} as const

const common = {
  reference: 'Croce and Hein 2020, arXiv:2003.01690; L1: Croce and Hein 2021, arXiv:2103.01208',
  access: 'gradients',
  norms: ['linf', 'l2', 'l1'],
} as const

/**
 * Projected gradient ascent with momentum that sets its own step size, on the cross-entropy. A row whose cross-entropy
 * has no gradient (a saturated softmax) climbs the margin instead. Models that predict no class climb their goal's loss.
 */
export const apgdCe = defineAttack({
  id: 'apgd-ce',
  title: 'Auto-PGD on the cross-entropy',
  ...common,
  tasks: ['classification', 'regression', 'multi-label'],
  parameters: shared,
  run: (context, { steps, restarts, rho, eot: draws, 'wider-first': widerFirst }) =>
    apgd(context, {
      loss: 'ce',
      aims: context.targets && Array.from(context.targets, (aim) => [aim]),
      steps,
      restarts,
      rho,
      draws,
      widerFirst,
    }),
})

/**
 * The same on the difference of logits ratio, which no rescaling of the logits can flatten. Models of fewer than three
 * classes (four, with a target) have no such ratio: there it is the margin, as for rows without a gradient.
 */
export const apgdDlr = defineAttack({
  id: 'apgd-dlr',
  title: 'Auto-PGD on the difference of logits ratio',
  ...common,
  parameters: shared,
  run: (context, { steps, restarts, rho, eot: draws, 'wider-first': widerFirst }) =>
    apgd(context, {
      loss: 'dlr',
      aims: context.targets && Array.from(context.targets, (aim) => [aim]),
      steps,
      restarts,
      rho,
      draws,
      widerFirst,
    }),
})

/** Auto-PGD towards each of the likeliest other classes in turn, on the targeted difference of logits ratio. */
export const apgdTargeted = defineAttack({
  id: 'apgd-t',
  title: 'Auto-PGD on the targeted difference of logits ratio, for several target classes',
  ...common,
  parameters: {
    ...shared,
    targets: { kind: 'integer', default: 9, min: 1, help: 'classes to aim at, likeliest first; at most all others' },
  },
  run: async (context, { steps, restarts, rho, targets, eot: draws, 'wider-first': widerFirst }) =>
    apgd(context, { loss: 'dlr', aims: await aimsOf(context, targets), steps, restarts, rho, draws, widerFirst }),
})
