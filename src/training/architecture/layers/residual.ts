import type { Value } from '../../../onnx/builder.ts'
import type { ModelDraft } from '../draft.ts'
import { defineLayer } from '../layer.ts'
import type { LayerArguments } from '../layer-arguments.ts'
import { rowOf } from '../row-shape.ts'
import { appendBatchNormalization } from './normalisation.ts'

export const residual = defineLayer({
  name: 'residual',
  usage: 'residual [ LAYERS ]',
  help:
    'what the layers make of their input, plus that input (arXiv:1512.03385); where sizes differ a 1x1 convolution or a ' +
    'dense layer brings the input to them, with a batchnorm after it if the layers have one',
  body: true,
  read: (args, body) => (draft, x) => {
    const block = draft.scope(draft.named('block'))
    const branch = body.reduce((value, layer) => layer.build(block, value), x)
    const batchNormalized = body.some(({ name }) => name === 'batchnorm')
    return block.node(block.named('add'), 'Add', [branch, shortcut(block, x, branch, batchNormalized, args)])
  },
})

/** The input itself, or brought to the branch's sizes. */
const shortcut = (
  block: ModelDraft,
  x: Value,
  branch: Value,
  batchNormalized: boolean,
  args: LayerArguments,
): Value => {
  const [from, to] = [rowOf(x), rowOf(branch)]
  if (from.length !== to.length)
    throw args.refuse(`its layers turn rows of [${from}] into [${to}]`, 'flatten outside it')
  if (from.every((size, axis) => size === to[axis])) return x
  const strides = from.slice(1).map((size, axis) => Math.max(1, Math.round(size / to[axis + 1]!)))
  if (strides.some((stride, axis) => Math.ceil(from[axis + 1]! / stride) !== to[axis + 1]))
    throw args.refuse(`no stride brings rows of [${from}] to [${to}]`, 'pad its layers to the same size')
  const [channels, outputs] = [from[0]!, to[0]!]
  const kernel_shape = strides.map(() => 1)
  const name = block.named('downsample')
  const weights = [block.drawn(`${name}.weight`, [outputs, channels, ...kernel_shape], channels)]
  if (!batchNormalized) weights.push(block.drawn(`${name}.bias`, [outputs], channels))
  const fitted =
    strides.length > 0
      ? block.node(name, 'Conv', [x, ...weights], { kernel_shape, strides })
      : block.node(name, 'Gemm', [x, ...weights], { transB: 1 })
  return batchNormalized ? appendBatchNormalization(block, `${name}.bn`, fitted) : fitted
}
