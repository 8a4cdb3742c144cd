import { toNumbers } from '../../onnx/tensor.ts'
import type { Dims, Graph, Node } from '../../onnx/types.ts'

export interface DropoutRewrite {
  readonly graph: Graph
  readonly masks: readonly { readonly name: string; readonly dims: readonly number[]; readonly ratio: number }[]
  readonly notes: readonly string[]
}

/**
 * Dropout as a product with a mask that the caller feeds, one row of `dims` a row of the batch, 0 with probability
 * `ratio` and else 1 / (1 - ratio): the runtime's own would be random without a key. `dimsOf` is the shape of a
 * value under a batch axis called `batch`.
 */
export const withDropoutMasks = (graph: Graph, dimsOf: (name: string) => Dims | undefined): DropoutRewrite => {
  const used = new Set([...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)])
  const masks: DropoutRewrite['masks'][number][] = []
  const notes: string[] = []
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    if (node.op !== 'Dropout' || node.domain !== '') return [node]
    const [x, ratioInput, mode] = node.inputs as readonly [string, string | undefined, string | undefined]
    const [result, kept] = node.outputs as readonly [string, string | undefined]
    const passed: Node = { ...node, op: 'Identity', inputs: [x], outputs: [result], attributes: {} }
    if (kept && used.has(kept)) {
      notes.push(`Dropout "${node.name}" stays as it is, since others read its mask.`)
      return [node]
    }
    if (mode && isTrue(graph, mode))
      notes.push(`Dropout "${node.name}" is on in the file, and stays on in the result: export it in evaluation mode.`)
    const ratio = ratioInput ? numberOf(graph, ratioInput) : 0.5
    const [batch, ...dims] = dimsOf(x) ?? []
    if (ratio === undefined || batch !== 'batch' || !dims.every((dim) => typeof dim === 'number')) {
      notes.push(`Dropout "${node.name}" does nothing in training: its ratio or the shape of its rows is not known.`)
      return [passed]
    }
    if (ratio === 0) return [passed]
    const name = `bz:mask:${result}`
    masks.push({ name, dims: dims as readonly number[], ratio })
    return [{ ...passed, op: 'Mul', inputs: [x, name] }]
  })
  return { graph: { ...graph, nodes }, masks, notes }
}

const numberOf = (graph: Graph, name: string): number | undefined => {
  const value = graph.initializers.get(name)
  return value && toNumbers(value)[0]
}

const isTrue = (graph: Graph, name: string): boolean => numberOf(graph, name) !== 0
