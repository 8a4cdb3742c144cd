import { tensor } from '../../tensor.ts'
import type { Node } from '../../types.ts'
import { type AdapterContext, defineAdapter, withInput, withoutAttributes } from '../adapter.ts'

/** An attribute that became an input: a list of integers, left out where there was none. */
const listAsInput = (node: Node, context: AdapterContext, attribute: string, index: number): Node => {
  const list = context.attributes.ints(attribute)
  const rest = withoutAttributes(node, attribute)
  return list ? withInput(rest, index, context.constant(attribute, tensor('int64', [list.length], list))) : rest
}

/** axes became an input. */
export const squeeze = defineAdapter({
  op: ['ReduceSum', 'Squeeze', 'Unsqueeze'],
  until: 13,
  adapt: (node, context) => [listAsInput(node, context, 'axes', 1)],
})

const reductions = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare']

/** axes became an input. */
export const reduce = defineAdapter({
  op: reductions.map((name) => `Reduce${name}`),
  until: 18,
  adapt: (node, context) => [listAsInput(node, context, 'axes', 1)],
})

/** The sizes became an input. */
export const splitSizes = defineAdapter({
  op: 'Split',
  until: 13,
  adapt: (node, context) => [listAsInput(node, context, 'split', 1)],
})

/** Equal parts are asked for by their number. */
export const splitCount = defineAdapter({
  op: 'Split',
  until: 18,
  adapt: (node) => [
    node.inputs[1]
      ? node
      : { ...node, attributes: { ...node.attributes, num_outputs: { type: 'int', value: node.outputs.length } } },
  ],
})
