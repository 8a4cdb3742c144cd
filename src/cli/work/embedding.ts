import { BartizanError } from '../../base/errors.ts'
import { nodesBetween } from '../../onnx/autodiff/gradient.ts'
import type { GraphBuilder, Value } from '../../onnx/builder.ts'

/**
 * The embedding of a model that reads token ids: what the first Gather gives whose indices come from the input and
 * whose table doesn't. There the model is differentiable again. Undefined where there is none.
 */
export const embeddingIn = (g: GraphBuilder, input: string, output: string): Value | undefined => {
  const onPath = nodesBetween(g.build([]), new Set([input]), output)
  const reached = new Set([input, ...onPath.flatMap(({ outputs }) => outputs)])
  return onPath
    .filter(({ op, domain }) => op === 'Gather' && domain === '')
    .filter(({ inputs }) => !reached.has(inputs[0]!) && reached.has(inputs[1]!))
    .map(({ outputs }) => g.value(outputs[0]!))
    .find(({ dtype }) => dtype.includes('float'))
}

/** The same. Throws GRAPH_NOT_DIFFERENTIABLE where there is none. */
export const demandEmbedding = (g: GraphBuilder, input: string, output: string): Value => {
  const embedding = embeddingIn(g, input, output)
  if (embedding) return embedding
  throw new BartizanError('GRAPH_NOT_DIFFERENTIABLE', `the input "${input}" holds integers, and no embedding follows`, {
    hint: 'there is no gradient for whole numbers; score- and decision-based attacks still run',
    data: { input },
  })
}
