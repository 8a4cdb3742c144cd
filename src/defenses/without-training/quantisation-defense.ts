import { defineDefense } from '../../threat/defense.ts'
import { quantise } from '../quantisation/index.ts'
import { drawnRows } from '../training/validation.ts'
import { withOpened } from './opened.ts'

/** The int8 version of the model, calibrated on training rows: does deploying it so lose the robustness? */
export const quantisationDefense = defineDefense({
  id: 'quantisation',
  title: 'Quantisation to int8',
  reference: 'Jacob et al. 2018, arXiv:1712.05877',
  holds:
    'A smaller, faster file, and no defence: rounding hides gradients from a naive attacker, and an adaptive one passes ' +
    'them straight through it. Measured to see whether the robustness of the model survives.',
  aim: 'size',
  parameters: {
    rows: {
      kind: 'integer',
      default: 512,
      min: 1,
      help: 'training rows that the ranges of activations are taken from',
    },
    'weight-bits': {
      kind: 'integer',
      default: 8,
      min: 7,
      max: 8,
      help: '7: the same results on every processor, also those that add products in 16 bits',
    },
  },
  run: (context, { rows: wanted, 'weight-bits': bits }) =>
    withOpened(context, async (opened) => {
      const { x, labels } = await drawnRows(context.training, wanted, context.seed)
      const { model, layers, left } = await quantise(
        opened,
        { x, rows: labels.length },
        { weightBits: bits === 7 ? 7 : 8 },
      )
      return {
        model,
        epochs: [],
        notes: [
          `Of ${layers.length + left.length} layers, ${layers.length} compute in 8 bits.`,
          ...left.map(({ op, node, reason }) => `${op} "${node}" stays in floats: ${reason}.`),
        ],
      }
    }),
})
