import { defineAttack } from '../../../threat/attack.ts'
import { returnToClean } from './return-to-clean.ts'

/**
 * From a random allowed row of another class back to the clean one, feature by feature, seeing predicted classes only:
 * a feature gets its clean value, or one half-way to it, as long as the row stays broken. Works on any model.
 */
export const mixedLabels = defineAttack({
  id: 'mixed-labels',
  title: 'Smallest allowed change of a table row from predicted classes alone',
  reference: 'after the pointwise attack of Schott et al. 2019, arXiv:1805.09190, over allowed values',
  access: 'labels',
  domain: 'tables',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['l2', 'linf', 'l1', 'l0'],
  minimal: true,
  parameters: {
    queries: { kind: 'integer', default: 1000, min: 1, help: 'most model queries for one row' },
    'initial-tries': { kind: 'integer', default: 100, min: 1, help: 'random rows tried for a broken start' },
  },
  run: (context, { queries, 'initial-tries': tries }) => returnToClean(context, { queries, tries }),
})
