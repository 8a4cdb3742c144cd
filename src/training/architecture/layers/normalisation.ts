import type { Value } from '../../../onnx/builder.ts'
import type { ModelDraft } from '../draft.ts'
import { defineLayer } from '../layer.ts'
import { rowOf } from '../row-shape.ts'

/** Batch normalisation under a name: scale 1, bias 0, running mean 0 and variance 1 before any training. */
export const appendBatchNormalization = (draft: ModelDraft, name: string, x: Value): Value => {
  const channels = [rowOf(x)[0]!]
  const filled = (part: string, value: number) => draft.filled(`${name}.${part}`, channels, value)
  const weights = [filled('weight', 1), filled('bias', 0), filled('running_mean', 0), filled('running_var', 1)]
  return draft.node(name, 'BatchNormalization', [x, ...weights])
}

export const batchNormalization = defineLayer({
  name: 'batchnorm',
  usage: 'batchnorm',
  help: 'each channel standardised over the batch (arXiv:1502.03167); its running statistics keep 0.9 a step',
  read: () => (draft, x) => appendBatchNormalization(draft, draft.named('bn'), x),
})

export const groupNormalization = defineLayer({
  name: 'groupnorm',
  usage: 'groupnorm GROUPS',
  help: 'each example standardised over groups of its channels (arXiv:1803.08494): no example sees another',
  read(args) {
    const groups = args.count('the number of groups')
    return (draft, x) => {
      const channels = rowOf(x)[0]!
      if (channels % groups !== 0) throw args.refuse(`${groups} groups divide ${channels} channels unevenly`)
      const name = draft.named('gn')
      const weights = [draft.filled(`${name}.weight`, [channels], 1), draft.filled(`${name}.bias`, [channels], 0)]
      return draft.node(name, 'GroupNormalization', [x, ...weights], { num_groups: groups })
    }
  },
})
