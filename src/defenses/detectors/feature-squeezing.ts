import type { ProgramBuilder } from '../../models/program.ts'
import type { Value } from '../../onnx/builder.ts'
import { type DetectorContext, defineDetector } from '../../threat/detector.ts'
import { fewerLevels, gradedLevels, medianOf, type Squeezer } from './squeezers.ts'

/**
 * How far the model's answer moves when the input is squeezed: the largest L1 distance, over the squeezers, between the
 * softmax before and after; from 0 to 2. It learns nothing from rows, so only its threshold depends on them. An
 * attacker who knows of it makes rows that survive the squeezing (He et al. 2017, arXiv:1706.04701).
 */
export const featureSqueezing = defineDetector({
  id: 'feature-squeezing',
  title: 'Change of the prediction under feature squeezing',
  reference: 'Xu et al. 2018, arXiv:1704.01155',
  parameters: {
    squeezers: {
      kind: 'choice',
      default: 'both',
      choices: ['both', 'bit-depth', 'median'],
      help: 'what the input is squeezed by; median needs pictures',
    },
    bits: {
      kind: 'integer',
      default: 0,
      min: 0,
      max: 8,
      help: "bits a value keeps; 0: the authors' choice, 1 for pictures of one channel and 5 otherwise",
    },
    window: { kind: 'integer', default: 2, min: 2, max: 15, help: 'side of the median window, pixels' },
  },
  async fit({ model, low, high }, { squeezers, bits, window }) {
    const { dims } = model.input
    const kept = bits || (dims.length === 3 && dims[0] === 1 ? 1 : 5)
    const smoothing = squeezers === 'bit-depth' ? [] : [medianOf(window)]
    const used = (levels: Squeezer): readonly Squeezer[] =>
      squeezers === 'median' ? smoothing : [levels, ...smoothing]
    const range = { dims, low, high }
    return {
      key: `feature-squeezing ${squeezers} ${kept} ${window} ${low} ${high}`,
      score: (builder) => largestMove(builder, used(fewerLevels(kept)), range),
      surrogate: (builder) => largestMove(builder, used(gradedLevels(kept)), range),
    }
  },
})

/** The largest L1 distance, over the squeezers, that the answer moves. */
const largestMove = (
  { g, x, logits, logitsAt }: ProgramBuilder,
  squeezers: readonly Squeezer[],
  range: Pick<DetectorContext, 'low' | 'high'> & { readonly dims: readonly number[] },
): Value => {
  const before = g.softmax(logits, 1)
  return squeezers
    .map((squeeze) => {
      const after = g.softmax(logitsAt(squeeze({ g, x, ...range })), 1)
      return g.reduceSum(g.abs(g.sub(before, after)), [1])
    })
    .reduce((a, b) => g.max(a, b))
}
