import { BartizanError } from '../base/errors.ts'
import type { GraphBuilder, Value } from '../onnx/builder.ts'
import type { Node } from '../onnx/types.ts'
import type { Classifier } from './classifier.ts'
import type { ProgramBuilder, ProgramSpec } from './program.ts'

/** The penultimate features, [rows, width]: what the model's last linear layer makes its logits of. */
export interface Features {
  readonly value: Value
  readonly width: number
}

/**
 * The input of the last Gemm or MatMul that the logits come from, looking through biases, scales and other nodes that
 * only pass them on. Throws MODEL_UNSUPPORTED where there is none (trees, recurrent scores, convolutions).
 */
export const featuresOf = ({ g, logits }: Pick<ProgramBuilder, 'g' | 'logits'>): Features => {
  const layer = lastLinear(g, logits)
  const value = layer && g.value(layer.inputs[0]!)
  const width = value?.dims?.[1]
  if (value?.dims?.length !== 2 || typeof width !== 'number')
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      value
        ? `the features that "${layer.name}" makes the logits of have the shape [${value.dims ?? '?'}], not [rows, width]`
        : `no Gemm or MatMul makes the logits "${logits.name}": there are no features before the last layer`,
      { hint: 'use a method that needs no features; of the detectors, energy and feature-squeezing' },
    )
  return { value, width }
}

const program: ProgramSpec = {
  key: 'penultimate features',
  inputs: {},
  build: (builder) => ({ features: featuresOf(builder).value }),
}

/** Penultimate features [rows, width] of some rows. Throws MODEL_UNSUPPORTED where the model has none. */
export const featuresAt = async (
  { model }: { readonly model: Classifier },
  x: Float32Array,
  rows: number,
): Promise<Float32Array> => (await (await model.program(program)).run(rows, { x })).features!

/** Operators that the logits may have gone through since, and which of their inputs may be the layer's output. */
const passedThrough: Readonly<Record<string, 'first' | 'any' | 'last'>> = {
  Add: 'any',
  Sub: 'first',
  Mul: 'any',
  Div: 'first',
  Identity: 'first',
  Dropout: 'first',
  Cast: 'first',
  Reshape: 'first',
  Flatten: 'first',
  Squeeze: 'first',
  Unsqueeze: 'first',
  // Two columns of a single binary score: zeros, and the score.
  Concat: 'last',
}

const lastLinear = (g: GraphBuilder, value: Value): Node | undefined => {
  const node = g.producer(value)
  if (node?.domain !== '') return undefined
  if (node.op === 'Gemm' || node.op === 'MatMul') return node
  const which = passedThrough[node.op]
  if (!which) return undefined
  const inputs = which === 'any' ? node.inputs : which === 'first' ? node.inputs.slice(0, 1) : node.inputs.slice(-1)
  for (const name of inputs) {
    const found = lastLinear(g, g.value(name))
    if (found) return found
  }
  return undefined
}
