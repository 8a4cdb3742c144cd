import { BartizanError } from '../../../base/errors.ts'
import { biasGradient, type Convolution, convAttributes, inputGradient } from '../convolution-gradient.ts'
import { defineRule, type VjpContext } from '../rule.ts'
import { weightGradient } from '../weight-gradient.ts'
import { fixedSizes, type Window, windowOf } from '../window.ts'

/** The kernel's sizes come from the weights; they must be fixed to know how far the window reaches. */
const kernelOf = ({ node, x: [, W] }: VjpContext): readonly number[] => {
  const kernel = W && fixedSizes(W, 2)
  if (kernel) return kernel
  throw new BartizanError('GRAPH_OP_UNSUPPORTED', `${node.op} node "${node.name}" has a kernel of unknown size`, {
    data: { op: node.op, node: node.name },
  })
}

/** Conv in one to three dimensions, groups, strides, dilations, any padding. */
export const conv = defineRule({
  op: 'Conv',
  vjp: (context) => {
    const { g, node, attributes, x, dY } = context
    const [X, W] = x as [Convolution['X'], Convolution['W']]
    const window = windowOf(node, attributes, kernelOf(context), X)
    const convolution = { X, W, window, group: attributes.int('group', 1) }
    return [
      () => inputGradient(g, convolution, dY),
      () => weightGradient(g, convolution, dY),
      () => biasGradient(g, dY, window.kernel.length),
    ]
  },
})

/** ConvTranspose is Conv run backwards: its input's gradient is a Conv, its weights' that of a Conv from dY to X. */
export const convTranspose = defineRule({
  op: 'ConvTranspose',
  vjp: (context) => {
    const { g, attributes, x, dY } = context
    const [X, W] = x as [Convolution['X'], Convolution['W']]
    const window = transposedWindow(context, X, dY)
    const group = attributes.int('group', 1)
    return [
      () => g.op('Conv', [dY, W], convAttributes(window, group)),
      () => weightGradient(g, { X: dY, W, window, group }, X),
      () => biasGradient(g, dY, window.kernel.length),
    ]
  },
})

/** Padding that `output_shape` or `auto_pad` leaves open follows from the sizes on both sides. */
const transposedWindow = (context: VjpContext, X: Convolution['X'], dY: Convolution['X']): Window => {
  const { node, attributes } = context
  const kernel = kernelOf(context)
  const ones = kernel.map(() => 1)
  const strides = attributes.ints('strides', ones)
  const dilations = attributes.ints('dilations', ones)
  const mode = attributes.string('auto_pad', 'NOTSET')
  const base = { kernel, strides, dilations }
  if (mode === 'NOTSET' && !attributes.has('output_shape')) {
    const pads = attributes.ints(
      'pads',
      [...kernel, ...kernel].map(() => 0),
    )
    return { ...base, padsBegin: pads.slice(0, kernel.length), padsEnd: pads.slice(kernel.length) }
  }
  const [sizes, outputs] = [fixedSizes(X, 2), fixedSizes(dY, 2)]
  if (!sizes || !outputs)
    throw new BartizanError('GRAPH_OP_UNSUPPORTED', `ConvTranspose node "${node.name}" needs fixed image sizes`, {
      data: { op: node.op, node: node.name },
    })
  const extra = attributes.ints(
    'output_padding',
    ones.map(() => 0),
  )
  const totals = kernel.map((k, i) =>
    Math.max(0, strides[i]! * (sizes[i]! - 1) + extra[i]! + (k - 1) * dilations[i]! + 1 - outputs[i]!),
  )
  const lower = mode === 'SAME_UPPER'
  const padsBegin = totals.map((total) => (lower ? Math.floor(total / 2) : total - Math.floor(total / 2)))
  return { ...base, padsBegin, padsEnd: totals.map((total, i) => total - padsBegin[i]!) }
}
