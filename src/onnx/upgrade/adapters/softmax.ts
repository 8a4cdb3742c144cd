import { defineAdapter, madeNode } from '../adapter.ts'

/**
 * Before 13 the value was read as a matrix, split before `axis` (1 by default), and each row normalised as a whole.
 * For the last axis that is what the new form does.
 */
export const softmax = defineAdapter({
  op: ['Softmax', 'LogSoftmax', 'Hardmax'],
  until: 13,
  adapt: (node, { attributes, type, name }) => {
    const [x, y] = [node.inputs[0]!, node.outputs[0]!]
    const axis = attributes.int('axis', 1)
    const rank = type(x).dims?.length
    const last = { axis: { type: 'int', value: -1 } } as const
    if (axis === -1 || axis + 1 === rank) return [{ ...node, attributes: last }]
    const [shape, rows, normalised] = [name('shape'), name('rows'), name('normalised')]
    return [
      madeNode('Shape', [x], shape),
      madeNode('Flatten', [x], rows, { axis: { type: 'int', value: axis } }),
      { ...node, inputs: [rows], outputs: [normalised], attributes: last },
      madeNode('Reshape', [normalised, shape], y),
    ]
  },
})
