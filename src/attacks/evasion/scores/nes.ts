import { defineAttack } from '../../../threat/attack.ts'
import { vectorNorm } from '../rows/row-norms.ts'
import { estimatedDescent, type Update } from './estimated-descent.ts'

/**
 * Natural evolution strategies: the gradient of a Gaussian blur of the lead, from antithetic pairs, then projected steps
 * with momentum: along the sign in Linf, along the direction in L2.
 */
export const nes = defineAttack({
  id: 'nes',
  title: 'Natural evolution strategies: gradients estimated by Gaussian search, from scores alone',
  reference: 'Ilyas et al. 2018, arXiv:1804.08598',
  access: 'scores',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2'],
  parameters: {
    queries: { kind: 'integer', default: 5000, min: 3, help: 'questions a row' },
    samples: { kind: 'integer', default: 50, min: 2, help: 'questions an estimate, two for each direction' },
    sigma: { kind: 'number', default: 0.01, min: 1e-9, help: 'spread of the search, as a share of the input range' },
    'step-size': { kind: 'number', default: 0.1, min: 0, help: 'length of a step, as a share of the budget' },
    momentum: { kind: 'number', default: 0.9, min: 0, max: 1, help: 'share of the step before that a step keeps' },
  },
  run(context, { queries, samples, sigma, 'step-size': share, momentum }) {
    const { rows, size, low, high, norm, epsilon } = context
    const velocity = new Float64Array(rows * size)
    const length = share * epsilon
    const update: Update = (row, x, gradient) => {
      const v = velocity.subarray(row * size, (row + 1) * size)
      for (let j = 0; j < size; j++) v[j] = momentum * v[j]! + (1 - momentum) * gradient[j]!
      const total = norm === 'l2' ? vectorNorm('l2', v) : 0
      for (let j = 0; j < size; j++)
        x[j]! -= length * (norm === 'linf' ? Math.sign(v[j]!) : total > 0 ? v[j]! / total : 0)
    }
    return estimatedDescent(context, {
      queries,
      pairs: Math.floor(samples / 2),
      width: sigma * (high - low),
      draw: (random, direction) => random.fillNormals(direction),
      update,
    })
  },
})
