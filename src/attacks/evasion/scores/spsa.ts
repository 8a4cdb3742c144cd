import { defineAttack } from '../../../threat/attack.ts'
import { estimatedDescent, type Update } from './estimated-descent.ts'

const [decay1, decay2, tiny] = [0.9, 0.999, 1e-8]

/**
 * Simultaneous perturbation stochastic approximation: symmetric differences along random signs, then Adam with
 * projection. Made to break defences that mask gradients.
 */
export const spsa = defineAttack({
  id: 'spsa',
  title: 'Simultaneous perturbation: gradients estimated along random signs, from scores alone',
  reference: 'Uesato et al. 2018, arXiv:1802.05666',
  access: 'scores',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['linf', 'l2'],
  parameters: {
    queries: { kind: 'integer', default: 10_000, min: 3, help: 'questions a row' },
    samples: { kind: 'integer', default: 64, min: 2, help: 'questions an estimate, two for each direction' },
    delta: { kind: 'number', default: 0.01, min: 1e-9, help: 'how far the pairs lie, as a share of the input range' },
    'step-size': { kind: 'number', default: 0.01, min: 0, help: "Adam's rate, as a share of the input range" },
  },
  run(context, { queries, samples, delta, 'step-size': share }) {
    const { rows, size, low, high } = context
    const [first, second] = [new Float64Array(rows * size), new Float64Array(rows * size)]
    const rate = share * (high - low)
    const update: Update = (row, x, gradient, turn) => {
      const scale = rate / (1 - decay1 ** turn)
      for (let j = 0; j < size; j++) {
        const at = row * size + j
        first[at] = decay1 * first[at]! + (1 - decay1) * gradient[j]!
        second[at] = decay2 * second[at]! + (1 - decay2) * gradient[j]! ** 2
        x[j]! -= (scale * first[at]!) / (Math.sqrt(second[at]! / (1 - decay2 ** turn)) + tiny)
      }
    }
    return estimatedDescent(context, {
      queries,
      pairs: Math.floor(samples / 2),
      width: delta * (high - low),
      draw(random, direction) {
        for (let from = 0; from < direction.length; from += 32) {
          let bits = random.integer(2 ** 32)
          for (let j = from; j < Math.min(from + 32, direction.length); j++, bits >>>= 1)
            direction[j] = 2 * (bits & 1) - 1
        }
      },
      update,
    })
  },
})
