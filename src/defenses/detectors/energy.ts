import { BartizanError } from '../../base/errors.ts'
import type { GraphBuilder, Value } from '../../onnx/builder.ts'
import { defineDetector } from '../../threat/detector.ts'

/**
 * The free energy of a row, -T log Σ exp(z / T): low where some class is likely in absolute terms. It learns nothing
 * from rows, so only its threshold depends on them.
 */
export const energy = defineDetector({
  id: 'energy',
  title: 'Free energy of the logits',
  reference: 'Liu et al. 2020, arXiv:2010.03759',
  parameters: {
    temperature: { kind: 'number', default: 1, min: 1e-3, help: 'T: the larger, the more all logits count' },
  },
  async fit({ model: { output } }, { temperature }) {
    if (output.kind.includes('probabilit') && output.tap === undefined)
      throw new BartizanError(
        'MODEL_UNSUPPORTED',
        `output "${output.name}" holds probabilities, whose energy is always 0: the logits behind them are not in the file`,
        { hint: 'export the model with its logits, or take another detector' },
      )
    return {
      key: `energy ${temperature}`,
      score: ({ g, logits }) => g.mul(logSumExp(g, g.div(logits, temperature)), -temperature),
    }
  },
})

/** log Σ exp of each row, the largest taken out so that nothing overflows. */
const logSumExp = (g: GraphBuilder, z: Value): Value => {
  const largest = g.reduceMax(z, [1], true)
  return g.add(g.squeeze(largest, [1]), g.log(g.reduceSum(g.exp(g.sub(z, largest)), [1])))
}
