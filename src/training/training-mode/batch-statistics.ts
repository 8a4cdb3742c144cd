import type { Graph, Node } from '../../onnx/types.ts'

export interface StatisticsRewrite {
  readonly graph: Graph
  readonly statistics: readonly { readonly name: string; readonly updated: string }[]
  readonly notes: readonly string[]
}

/**
 * Batch normalisation by the statistics of the batch (training_mode 1). Running mean and variance, r ← momentum r +
 * (1 - momentum) b, keep `momentum` (0.9) of themselves, as ONNX has it; PyTorch's momentum is the other share. b is the
 * variance of the batch as a population, as ONNX has it; PyTorch takes n / (n - 1) of it, n the values of a channel.
 */
export const withBatchStatistics = (graph: Graph, isOfFile: (name: string) => boolean): StatisticsRewrite => {
  const normalisations = graph.nodes.filter(isBatchNormalization)
  const uses = new Map<string, number>()
  for (const name of normalisations.flatMap(({ inputs }) => inputs.slice(3))) uses.set(name, (uses.get(name) ?? 0) + 1)
  const statistics: StatisticsRewrite['statistics'][number][] = []
  let left = 0
  const nodes = graph.nodes.map((node): Node => {
    if (!isBatchNormalization(node)) return node
    const running = node.inputs.slice(3)
    const trains = running.every(
      (name) => uses.get(name) === 1 && isOfFile(name) && graph.initializers.get(name)?.dtype === 'float32',
    )
    if (!trains) {
      left++
      return { ...node, outputs: node.outputs.slice(0, 1), attributes: { ...node.attributes, ...mode(0) } }
    }
    const updated = running.map((name, i) => node.outputs[i + 1] || `bz:updated:${name}`)
    statistics.push(...running.map((name, i) => ({ name, updated: updated[i]! })))
    return { ...node, outputs: [node.outputs[0]!, ...updated], attributes: { ...node.attributes, ...mode(1) } }
  })
  const notes =
    left > 0
      ? [`${left} batch normalisations keep their running statistics: these are shared, computed, or not float32.`]
      : []
  return { graph: { ...graph, nodes }, statistics, notes }
}

export const isBatchNormalization = ({ op, domain }: Node): boolean => op === 'BatchNormalization' && domain === ''

const mode = (value: 0 | 1) => ({ training_mode: { type: 'int', value } }) as const
