import { defineAttack } from '../../../threat/attack.ts'
import { square as run } from './square-run.ts'

/**
 * Random search by scores alone: changes one window of the picture at a time and keeps what lowers the margin. Pictures
 * need not be square, and a table row is a picture of one line. Each row has windows of its own, anywhere in the picture
 * (the authors' code never reaches its last row and column).
 */
export const square = defineAttack({
  id: 'square',
  title: 'Square attack: random search over windows, from scores alone',
  reference: 'Andriushchenko et al. 2020, arXiv:1912.00049',
  access: 'scores',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2', 'l1'],
  parameters: {
    queries: { kind: 'integer', default: 5000, min: 1, help: 'proposals for each row and restart' },
    restarts: { kind: 'integer', default: 1, min: 1, help: 'searches for each row that is not broken yet' },
    p: { kind: 'number', default: 0.8, min: 0, max: 1, help: 'share of the pixels that the first windows cover' },
    'rescale-schedule': {
      kind: 'boolean',
      default: true,
      help: 'stretch the schedule of window sizes, made for 10,000 queries, to the number of queries',
    },
  },
  run: (context, { queries, restarts, p, 'rescale-schedule': rescaled }) =>
    run(context, { queries, restarts, p, rescaled }),
})
