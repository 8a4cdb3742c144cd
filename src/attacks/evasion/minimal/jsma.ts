import { defineAttack } from '../../../threat/attack.ts'
import { moveSalientPairs } from './jsma-run.ts'

/**
 * Few features, changed a lot: in each step the pair that raises the target's logit most while it lowers the sum of all
 * others, by the Jacobian of the logits. A row without a target leaves its label by the same map with its signs turned
 * (Wiyatno and Xu 2018, arXiv:1808.07945), which takes far fewer features than a class picked beforehand. The candidate
 * is within the budget or not.
 */
export const jsma = defineAttack({
  id: 'jsma',
  title: 'Jacobian saliency map attack: few features, in pairs',
  reference: 'Papernot et al. 2016, arXiv:1511.07528',
  access: 'gradients',
  norms: ['l0'],
  minimal: true,
  parameters: {
    theta: {
      kind: 'number',
      default: 1,
      min: 0.001,
      max: 1,
      help: 'how far a chosen feature moves, as a share of the range',
    },
    lower: { kind: 'boolean', default: false, help: 'lower features, not raise them' },
    gamma: { kind: 'number', default: 0.15, min: 0, max: 1, help: 'share of the features that may change' },
  },
  run: (context, { theta, lower, gamma }) =>
    moveSalientPairs(context, { theta: lower ? -theta : theta, most: Math.floor(gamma * context.size) }),
})
