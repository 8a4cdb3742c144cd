import { defineAttack } from '../../../threat/attack.ts'
import { constrainedAscent } from './constrained-ascent.ts'

/**
 * Gradient ascent that is brought into the constraints in every step. Whole numbers and one-hot groups are moved through
 * numbers that the gradient of the rounded point is passed straight through to; categories, between which there is no
 * direction, are searched.
 */
export const constrainedPgd = defineAttack({
  id: 'constrained-pgd',
  title: 'Projected gradient descent within the constraints of a table',
  reference: 'Simonetto et al. 2022, arXiv:2112.01156 (C-PGD); straight-through: Bengio et al. 2013, arXiv:1308.3432',
  access: 'gradients',
  domain: 'tables',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2', 'l1', 'l0'],
  parameters: {
    steps: { kind: 'integer', default: 40, min: 1, help: 'gradient steps' },
    'step-size': {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'length of the first steps in units of the budget (l0: a share of the range); 0: the budget (l0: a quarter); halved after each quarter of the steps',
    },
    restarts: {
      kind: 'integer',
      default: 2,
      min: 1,
      help: 'starts for each row that is not broken yet; the first is the clean row',
    },
    searches: {
      kind: 'integer',
      default: 4,
      min: 0,
      help: 'searches over the categories in each restart, each a query for every other category',
    },
    sparsity: { kind: 'number', default: 0.1, min: 0, max: 1, help: 'share of the features that a step in L1 moves' },
  },
  run: (context, { steps, 'step-size': stepSize, restarts, searches, sparsity }) =>
    constrainedAscent(context, {
      steps,
      stepSize: stepSize || (context.norm === 'l0' ? 0.25 : context.epsilon),
      restarts,
      searches,
      sparsity: Math.max(1, Math.round(sparsity * context.size)),
    }),
})
