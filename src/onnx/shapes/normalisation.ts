import { checkedAxis } from './broadcast.ts'
import { defineShape, typedAs } from './rule.ts'

/** Y; in training also the running mean and variance, one a channel. */
export const batchNormalization = defineShape({
  op: 'BatchNormalization',
  infer: ({ inputs: [x, , , mean, variance] }) => [
    typedAs(x, x?.dims),
    typedAs(mean, mean?.dims),
    typedAs(variance, variance?.dims),
  ],
})

/** Y, and the mean and inverse deviation with the normalised axes kept as 1, in float32 unless stash_type says else. */
export const layerNormalization = defineShape({
  op: ['LayerNormalization', 'RMSNormalization'],
  infer: ({ inputs: [x], attributes, node }) => {
    const from = x?.dims && checkedAxis(attributes.int('axis', -1), x.dims.length, `${node.op} "${node.name}"`)
    const kept = x?.dims?.map((dim, axis) => (axis < from! ? dim : 1))
    const statistic = { dtype: 'float32', dims: kept } as const
    return [typedAs(x, x?.dims), statistic, statistic]
  },
})

/** Y and the mask of what was kept. */
export const dropout = defineShape({
  op: 'Dropout',
  infer: ({ inputs: [x] }) => [typedAs(x, x?.dims), { dtype: 'bool', dims: x?.dims }],
})
