import type { Model } from '../onnx/types.ts'

const random = new Set([
  'RandomUniform',
  'RandomUniformLike',
  'RandomNormal',
  'RandomNormalLike',
  'Bernoulli',
  'Multinomial',
])

/** Whether the same row may get another answer in the next run. */
export const drawsAtRandom = ({ model }: { readonly model: Model }): boolean =>
  model.graph.nodes.some(({ op, domain }) => domain === '' && random.has(op))
