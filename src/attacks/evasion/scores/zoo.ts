import { defineAttack } from '../../../threat/attack.ts'
import { zoo as run } from './zoo-run.ts'

/**
 * Zeroth-order optimisation: the smallest change by Adam on single coordinates, whose slopes come from two questions
 * each. The original's coarse-to-fine resizing for large images is not part of it.
 */
export const zoo = defineAttack({
  id: 'zoo',
  title: 'Zeroth-order optimisation: coordinate descent on estimated slopes, from scores alone',
  reference: 'Chen et al. 2017, arXiv:1708.03999',
  access: 'scores',
  tasks: ['classification', 'multi-label'],
  norms: ['l2'],
  minimal: true,
  parameters: {
    queries: { kind: 'integer', default: 20_000, min: 3, help: 'questions a row, over all searches' },
    coordinates: { kind: 'integer', default: 128, min: 1, help: 'coordinates that a step moves; at most all' },
    searches: { kind: 'integer', default: 2, min: 1, help: 'passes with another weight of the scores' },
    'initial-const': { kind: 'number', default: 3, min: 1e-9, help: 'first weight of the scores against the distance' },
    'step-size': { kind: 'number', default: 0.1, min: 0, help: "Adam's rate, as a share of the input range" },
    h: {
      kind: 'number',
      default: 0.005,
      min: 1e-9,
      help: 'half the width of a difference, as a share of the input range; trees need more than others',
    },
  },
  run(context, { queries, coordinates, searches, 'initial-const': initialConstant, 'step-size': rate, h }) {
    const width = context.high - context.low
    return run(context, { queries, coordinates, searches, initialConstant, rate: rate * width, width: h * width })
  },
})
