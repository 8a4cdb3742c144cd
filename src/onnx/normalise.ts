import { BartizanError } from '../base/errors.ts'
import { opset } from './builder.ts'
import { tensor } from './tensor.ts'
import type { Graph, Model, Node, Tensor } from './types.ts'
import { inlineFunctions } from './upgrade/inline-functions.ts'
import { upgradeNodes } from './upgrade/upgrade.ts'

/** Oldest operator set whose models are read; what is older has lost its meaning in the standard. */
const oldest = 7

/**
 * The same function in the one operator set that everything here is written in: local functions inlined (but for those
 * that gradients pass straight through), constants as initializers, older operator forms brought up to date. Throws
 * MODEL_UNSUPPORTED for operator sets out of reach.
 */
export const normalise = (model: Model): Model => {
  const version = model.opsets[''] ?? opset
  if (version < oldest)
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      `the model uses operator set ${version}; ${oldest} is the oldest one read`,
      {
        hint: 'export it again with a newer opset_version',
      },
    )
  const inlined = inlineFunctions(model)
  // Inlining may have raised the version: functions and graph then had different ones.
  const current = inlined.opsets[''] ?? opset
  const upgraded = upgradeNodes(withConstants(inlined.graph), current)
  const reached = Math.max(opset, current)
  return {
    ...inlined,
    irVersion: Math.max(10, model.irVersion),
    opsets: { ...inlined.opsets, '': reached },
    functions: inlined.functions.map((definition) => ({ ...definition, opsets: { '': reached } })),
    graph: upgraded,
  }
}

/** Constant nodes become initializers: one way to be constant. */
const withConstants = (graph: Graph): Graph => {
  const initializers = new Map(graph.initializers)
  const nodes = graph.nodes.filter((node) => {
    const value = node.op === 'Constant' && node.domain === '' ? constantOf(node) : undefined
    if (!value) return true
    initializers.set(node.outputs[0]!, value)
    return false
  })
  return { ...graph, nodes, initializers }
}

const constantOf = ({ attributes }: Node): Tensor | undefined => {
  const { value, value_float, value_floats, value_int, value_ints } = attributes
  if (value?.type === 'tensor') return value.value
  if (value_float?.type === 'float') return tensor('float32', [], [value_float.value])
  if (value_floats?.type === 'floats') return tensor('float32', [value_floats.value.length], value_floats.value)
  if (value_int?.type === 'int') return tensor('int64', [], [value_int.value])
  if (value_ints?.type === 'ints') return tensor('int64', [value_ints.value.length], value_ints.value)
  return undefined
}
