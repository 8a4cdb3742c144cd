import { BartizanError } from '../../../base/errors.ts'
import { tensor } from '../../tensor.ts'
import type { Node } from '../../types.ts'
import { type AdapterContext, defineAdapter, madeNode, withoutAttributes } from '../adapter.ts'

/** Training was told by the number of outputs; `spatial` 0 normalised each activation by statistics of its own. */
export const batchNormalization = defineAdapter({
  op: 'BatchNormalization',
  until: 14,
  adapt: (node, context) => {
    if (node.outputs.slice(1).some((name) => name && context.isUsed(name)))
      throw new BartizanError(
        'MODEL_UNSUPPORTED',
        `BatchNormalization "${node.name}" gives its running statistics, as in training`,
        { hint: 'export the model in evaluation mode (model.eval() in PyTorch)' },
      )
    const single: Node = { ...withoutAttributes(node, 'spatial'), outputs: node.outputs.slice(0, 1) }
    return context.attributes.int('spatial', 1) === 0 ? perActivation(single, context) : [single]
  },
})

/** (x - mean) / sqrt(variance + epsilon) * scale + bias, all by broadcasting over the batch. */
const perActivation = (node: Node, { attributes, constant, name, type }: AdapterContext): readonly Node[] => {
  const [x, scale, bias, mean, variance] = node.inputs as readonly [string, string, string, string, string]
  const { dtype } = type(x)
  const epsilon = tensor(dtype === 'undefined' ? 'float32' : dtype, [], [attributes.float('epsilon', 1e-5)])
  const [stable, deviation, centred, scaled, stretched] = [
    name('variance'),
    name('deviation'),
    name('centred'),
    name('normalised'),
    name('scaled'),
  ]
  return [
    madeNode('Add', [variance, constant('epsilon', epsilon)], stable),
    madeNode('Sqrt', [stable], deviation),
    madeNode('Sub', [x, mean], centred),
    madeNode('Div', [centred, deviation], scaled),
    madeNode('Mul', [scaled, scale], stretched),
    madeNode('Add', [stretched, bias], node.outputs[0]!),
  ]
}

/** Scale and bias were one a group; now they are one a channel. */
export const groupNormalization = defineAdapter({
  op: 'GroupNormalization',
  until: 21,
  adapt: (node, context) => {
    const [x, scale, bias] = node.inputs as readonly [string, string, string]
    const groups = context.attributes.int('num_groups', 1)
    const { constant, name } = context
    const [channels, perGroup, spread] = [name('channels'), name('channels-a-group'), name('spread')]
    const int = (stem: string, list: readonly number[]) => constant(stem, tensor('int64', [list.length], list))
    const repeated = (value: string, stem: string): readonly [readonly Node[], string] => {
      const [column, rows, flat] = [name(`${stem}-column`), name(`${stem}-rows`), name(`${stem}-a-channel`)]
      return [
        [
          madeNode('Reshape', [value, int(`${stem}-column-shape`, [-1, 1])], column),
          madeNode('Expand', [column, spread], rows),
          madeNode('Reshape', [rows, int(`${stem}-shape`, [-1])], flat),
        ],
        flat,
      ]
    }
    const [scaleNodes, newScale] = repeated(scale, 'scale')
    const [biasNodes, newBias] = repeated(bias, 'bias')
    const count = int('groups', [groups])
    return [
      madeNode('Shape', [x], channels, { start: { type: 'int', value: 1 }, end: { type: 'int', value: 2 } }),
      madeNode('Div', [channels, count], perGroup),
      madeNode('Concat', [count, perGroup], spread, { axis: { type: 'int', value: 0 } }),
      ...scaleNodes,
      ...biasNodes,
      { ...node, inputs: [x, newScale, newBias] },
    ]
  },
})
