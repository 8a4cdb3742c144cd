import { defineAttack } from '../../../threat/attack.ts'
import { importances } from './importance.ts'
import { lowProfile } from './low-profile.ts'

/**
 * The smallest change of a table row as somebody sees it who looks at the features that matter: each feature's change
 * counts by its importance, so that the attack works with the features that nobody checks. Unlike the paper it keeps to
 * the constraints in every step, drops the loss while a row is broken, and draws what it found back towards the clean row.
 */
export const lowprofool = defineAttack({
  id: 'lowprofool',
  title: 'LowProFool: smallest change weighted by the importance of each feature',
  reference: 'Ballet et al. 2019, arXiv:1911.03274',
  access: 'gradients',
  domain: 'tables',
  norms: ['l2', 'linf', 'l1'],
  minimal: true,
  parameters: {
    steps: { kind: 'integer', default: 100, min: 1, help: 'gradient steps' },
    'step-size': {
      kind: 'number',
      default: 0.02,
      min: 0,
      help: 'length of the first step, as a share of the range of each feature, a feature',
    },
    decay: { kind: 'number', default: 0.98, min: 0, max: 1, help: 'factor on the length of each further step' },
    lambda: {
      kind: 'number',
      default: 1.5,
      min: 0,
      help: 'weight of the size of the change against the loss, while a row is not broken',
    },
    importance: {
      kind: 'choice',
      default: 'correlation',
      choices: ['correlation', 'equal'],
      help: 'how much a feature counts: its correlation with the label in the first rows, or all alike',
    },
  },
  fit: async (context, { importance }) =>
    importance === 'equal' ? new Float32Array(context.size).fill(1 / Math.sqrt(context.size)) : importances(context),
  run: (context, { steps, 'step-size': stepSize, decay, lambda }) =>
    lowProfile(context, { steps, stepSize, decay, lambda }),
})
