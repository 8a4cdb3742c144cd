import { defineAttack } from '../../../threat/attack.ts'
import { mixedSearch } from './mixed-search.ts'

/**
 * Random search over the values that a table row may have: numbers, whole numbers, categories and one-hot groups alike,
 * and any model that gives scores, trees included. Our own: it asks what each feature does by itself, as SimBA does a
 * direction at a time, joins the best answers, then changes random groups of features and keeps what doesn't harm.
 */
export const mixed = defineAttack({
  id: 'mixed',
  title: 'Search over the allowed values of a table row, from scores alone',
  reference: 'ours; coordinates one at a time as in Guo et al. 2019, arXiv:1905.07121',
  access: 'scores',
  domain: 'tables',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2', 'l1', 'l0'],
  parameters: {
    queries: { kind: 'integer', default: 1000, min: 1, help: 'most model queries for one row' },
    choices: {
      kind: 'integer',
      default: 6,
      min: 1,
      help: 'other categories or whole numbers asked about at first, a feature',
    },
    p: {
      kind: 'number',
      default: 0.3,
      min: 0,
      max: 1,
      help: 'share of the features that the first random changes touch',
    },
  },
  run: (context, { queries, choices, p }) => mixedSearch(context, { queries, choices, share: p }),
})
