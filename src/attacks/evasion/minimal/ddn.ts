import { type Loss, ofLabel, oneHot } from '../../../onnx/losses.ts'
import { defineAttack } from '../../../threat/attack.ts'
import { intoBox, scaleTo } from './ball-projection.ts'
import { linearDistance } from './linear-distance.ts'
import { annealed, descend } from './norm-descent.ts'

/**
 * log Σ_{j≠y} exp(z_j) - z_y. Its gradient points where cross-entropy's does, and is longer by 1 / (1 - p_y): it doesn't
 * vanish where the model is sure of the label.
 */
const oddsAgainst: Loss = (g, logits, labels) => {
  const others = g.where(g.cast(oneHot(g, labels, logits), 'bool'), -3e38, logits)
  return g.sub(g.op('ReduceLogSumExp', [others, g.ints([1])], { keepdims: 0 }), ofLabel(g, logits, labels))
}

/**
 * Steps along the gradient of cross-entropy, each rescaled to a length of its own: a share shorter than before where
 * the point breaks the row, a share longer where it doesn't. The share falls during the run, and steps are measured by
 * that length; in the paper the share stays and steps start at 1.
 */
export const ddn = defineAttack({
  id: 'ddn',
  title: 'Decoupled direction and norm: a small perturbation in few steps',
  reference: 'Rony et al. 2019, arXiv:1811.09600',
  access: 'gradients',
  norms: ['l2'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 100, min: 1, help: 'gradient steps' },
    'step-size': {
      kind: 'number',
      default: 1,
      min: 0,
      help: 'length of the first step, in lengths of the perturbation; the last is a hundredth of it',
    },
    'initial-norm': {
      kind: 'number',
      default: 0,
      min: 0,
      help: 'length of the perturbation at first, in input units; 0: as far as the boundary seems from the clean row',
    },
    gamma: {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 1,
      help: 'share by which the first steps shorten or lengthen the perturbation',
    },
    'final-gamma': { kind: 'number', default: 0.001, min: 0, max: 1, help: 'the same of the last steps' },
    'early-stop': { kind: 'boolean', default: false, help: 'leave a row once a point within the budget breaks it' },
  },
  run(context, parameters) {
    const { steps, 'step-size': stepSize, gamma, 'final-gamma': finalGamma, 'early-stop': earlyStop } = parameters
    return descend(
      context,
      { steps, stepSize, earlyStop },
      {
        key: 'odds against',
        loss: oddsAgainst,
        startRadius: parameters['initial-norm'] || Number.POSITIVE_INFINITY,
        radius({ broken, loss, gradient, radius, done }) {
          if (radius === Number.POSITIVE_INFINITY) return linearDistance('l2', loss, gradient)
          const share = annealed(gamma, finalGamma, done)
          return radius * (broken ? 1 - share : 1 + share)
        },
        span: (radius) => radius,
        project(delta, { x0, radius, low, high }) {
          intoBox(delta, x0, low, high)
          scaleTo(delta, radius)
          intoBox(delta, x0, low, high)
        },
      },
    )
  },
})
