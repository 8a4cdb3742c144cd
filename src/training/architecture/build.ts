import { BartizanError } from '../../base/errors.ts'
import type { Value } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'
import type { Model, Node, ValueInfo } from '../../onnx/types.ts'
import { modelDraft } from './draft.ts'
import type { Layer } from './layer.ts'
import { rowOf } from './row-shape.ts'

export interface BuildOptions {
  /** Sizes of one row: [channels, height, width] for images, [features] for tables. */
  readonly input: readonly number[]
  /** What `dense classes` stands for. */
  readonly classes?: number
  /** Weights follow from the seed and their names alone. */
  readonly seed: number
}

/**
 * An untrained classifier: input `input` [batch, …], output `logits` [batch, classes], weights drawn as torch does by
 * default. Throws CONFIG_INVALID, naming the layer, where one doesn't fit what comes before it.
 */
export const buildArchitecture = (layers: readonly Layer[], { input, classes, seed }: BuildOptions): Model => {
  if (input.length === 0 || input.some((size) => !Number.isSafeInteger(size) || size < 1))
    throw new BartizanError('CONFIG_INVALID', `rows of shape [${input}] can't be the input of an architecture`)
  const draft = modelDraft(seed, classes)
  const x: Value = { name: 'input', dtype: 'float32', dims: ['batch', ...input] }
  const last = layers.reduce((value, layer) => layer.build(draft, value), x)
  const row = rowOf(last)
  if (row.length !== 1)
    throw new BartizanError('CONFIG_INVALID', `the architecture ends in rows of [${row}], not in one logit a class`, {
      hint: 'end it with "dense classes"',
    })
  const logits: ValueInfo = { name: 'logits', dtype: 'float32', dims: last.dims }
  return modelOf({
    name: 'architecture',
    nodes: draft.nodes.map((node) => renamed(node, last.name, logits.name)),
    inputs: [{ name: x.name, dtype: x.dtype, dims: x.dims }],
    outputs: [logits],
    initializers: draft.initializers,
  })
}

const renamed = (node: Node, from: string, to: string): Node =>
  node.outputs.includes(from) ? { ...node, outputs: node.outputs.map((name) => (name === from ? to : name)) } : node
