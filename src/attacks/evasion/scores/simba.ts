import { BartizanError } from '../../../base/errors.ts'
import { defineAttack } from '../../../threat/attack.ts'
import { gridOf } from '../rows/grid.ts'
import { cosineBasis, valueBasis } from './basis.ts'
import { simba as run } from './simba-run.ts'

/**
 * Walks along orthonormal directions, single values or cosines of low frequency, and keeps each step that lowers the
 * lead of the right answer. The second way of a direction is asked about only where the first one failed.
 */
export const simba = defineAttack({
  id: 'simba',
  title: 'Simple black-box attack: one direction after another, from scores alone',
  reference: 'Guo et al. 2019, arXiv:1905.07121',
  access: 'scores',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['l2', 'linf', 'l1', 'l0'],
  parameters: {
    queries: { kind: 'integer', default: 2000, min: 1, help: 'questions a row' },
    basis: {
      kind: 'choice',
      default: 'values',
      choices: ['values', 'cosines'],
      help: 'values: one number of the row at a time; cosines: patterns of low frequency over the picture',
    },
    frequencies: {
      kind: 'number',
      default: 0.5,
      min: 0,
      max: 1,
      help: 'share of the frequencies along each side that cosines use, the lowest first',
    },
    'step-size': {
      kind: 'number',
      default: 0.2,
      min: 0,
      max: 1,
      help: 'length of a step, as a share of the input range; in Linf with values at most the budget counts',
    },
  },
  run(context, { queries, basis, frequencies, 'step-size': share }) {
    const { low, high, size, target } = context
    const step = share * (high - low)
    if (!(step > 0)) throw new BartizanError('USAGE', 'simba: step-size is 0, and no step would change anything')
    const directions = basis === 'values' ? valueBasis(size) : cosineBasis(gridOf(target.dims), frequencies)
    return run(context, { basis: directions, step, queries })
  },
})
