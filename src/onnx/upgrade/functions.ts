import { BartizanError } from '../../base/errors.ts'
import type { Graph, LocalFunction, Node } from '../types.ts'
import { upgradeNodes } from './upgrade.ts'

/** Model-local functions by `functionKey`. */
export type FunctionTable = ReadonlyMap<string, LocalFunction>

export const functionKey = (domain: string, name: string): string => `${domain === 'ai.onnx' ? '' : domain}:${name}`

/** The functions of a model. Throws GRAPH_INVALID where one is defined twice. */
export const functionTable = (definitions: readonly LocalFunction[]): FunctionTable => {
  const functions = new Map<string, LocalFunction>()
  for (const definition of definitions) {
    const key = functionKey(definition.domain, definition.name)
    if (functions.has(key)) throw new BartizanError('GRAPH_INVALID', `function ${key} is defined twice`)
    functions.set(key, definition)
  }
  return functions
}

/** A function's body with the names and attributes of one call, brought from its version of ai.onnx to the newest forms. */
export const modernised = (
  nodes: readonly Node[],
  call: Node,
  version: number,
  unused: (stem: string) => string,
): readonly Node[] => {
  const untyped = (name: string) => ({ name, dtype: 'undefined', dims: undefined }) as const
  const body: Graph = {
    name: call.op,
    nodes,
    inputs: call.inputs.filter(Boolean).map(untyped),
    outputs: call.outputs.filter(Boolean).map(untyped),
    initializers: new Map(),
  }
  const upgraded = upgradeNodes(body, version, unused)
  const constants = [...upgraded.initializers].map(
    ([name, value]): Node => ({
      name,
      op: 'Constant',
      domain: '',
      inputs: [],
      outputs: [name],
      attributes: { value: { type: 'tensor', value } },
    }),
  )
  return [...constants, ...upgraded.nodes]
}
