import { BartizanError } from '../base/errors.ts'
import { attributesFrom } from './attributes.ts'
import { type Arithmetic, arithmetic } from './builder-arithmetic.ts'
import { type Constants, constants } from './builder-constants.ts'
import { type Movement, movement } from './builder-movement.ts'
import { type Reductions, reductions } from './builder-reductions.ts'
import type { Operators, Value } from './builder-value.ts'
import { inferNode, inferShapes, knownTensor } from './shapes/infer.ts'
import type { Dims, DType, Graph, Node, Tensor, TensorType, ValueInfo } from './types.ts'

export type { OpAttributes, Operand, Value } from './builder-value.ts'

/** Reads like the mathematics: `g.mul(dY, g.sub(1, g.mul(y, y)))`. Built on the newest operator forms (see `opset`). */
export interface GraphBuilder extends Operators, Constants, Arithmetic, Movement, Reductions {
  input(name: string, dtype: DType, dims: Dims): Value
  /** Names a value as an output of the graph. */
  output(name: string, value: Value): Value
  /** A value the graph already has, by name. Throws GRAPH_INVALID where there is none. */
  value(name: string): Value
  has(name: string): boolean
  /** The node that makes a value. */
  producer(value: Value): Node | undefined
  build(outputs?: readonly string[]): Graph
}

/** The operator set that built graphs use: what gradient rules and losses are written in. */
export const opset = 21

/**
 * A builder, empty or on top of a graph (which must be in the builder's operator set: see `normalise`). Names in `taken`
 * are left alone: those of a graph that this one is to be joined with.
 */
export const graphBuilder = (
  base?: Graph,
  inputTypes: Readonly<Record<string, TensorType>> = {},
  taken: ReadonlySet<string> = new Set(),
): GraphBuilder => {
  const nodes: Node[] = [...(base?.nodes ?? [])]
  const initializers = new Map<string, Tensor>(base?.initializers)
  const inputs: ValueInfo[] = [...(base?.inputs ?? [])]
  const outputs: ValueInfo[] = [...(base?.outputs ?? [])]
  const values = new Map<string, Value>()
  if (base) for (const [name, known] of inferShapes(base, inputTypes)) values.set(name, { ...known, name })

  const keep = (value: Value): Value => {
    values.set(value.name, value)
    return value
  }
  let counter = 0
  const unused = (stem: string): string => {
    for (;;) {
      const name = `bz:${stem}_${counter++}`
      if (!values.has(name) && !taken.has(name)) return name
    }
  }

  const fixed = constants((value) => {
    const name = unused('constant')
    initializers.set(name, value)
    return keep({ ...knownTensor(value), name })
  })
  const ops: Operators['ops'] = (op, operands, attributes = {}, { domain = '', outputs: count = 1 } = {}) => {
    const name = unused(op)
    const node: Node = {
      name,
      op,
      domain,
      inputs: trimmed(operands.map((operand) => operand?.name ?? '')),
      outputs: Array.from({ length: count }, (_, i) => (count === 1 ? name : `${name}:${i}`)),
      attributes: attributesFrom(attributes),
    }
    nodes.push(node)
    return inferNode(node, operands, values).map((known, i) => keep({ ...known, name: node.outputs[i]! }))
  }
  const operators: Operators = {
    op: (name, operands, attributes, options) => ops(name, operands, attributes, options)[0]!,
    ops,
  }

  return {
    input(name, dtype, dims) {
      inputs.push({ name, dtype, dims })
      return keep({ name, dtype, dims })
    },
    output(name, value) {
      if (value.name === name) {
        if (!outputs.some((output) => output.name === name))
          outputs.push({ name, dtype: value.dtype, dims: value.dims })
        return value
      }
      nodes.push({
        name: `${name}/Identity`,
        op: 'Identity',
        domain: '',
        inputs: [value.name],
        outputs: [name],
        attributes: {},
      })
      outputs.push({ name, dtype: value.dtype, dims: value.dims })
      return keep({ ...value, name })
    },
    value(name) {
      const value = values.get(name)
      if (!value) throw new BartizanError('GRAPH_INVALID', `the graph has no value "${name}"`)
      return value
    },
    has: (name) => values.has(name),
    producer: (value) => nodes.findLast(({ outputs }) => outputs.includes(value.name)),
    ...operators,
    ...fixed,
    ...arithmetic(operators, fixed),
    ...movement(operators, fixed),
    ...reductions(operators, fixed),
    build(names) {
      const results = names ? names.map((name) => outputInfo(name, outputs, values)) : outputs
      return { name: base?.name ?? 'graph', nodes, inputs, outputs: results, initializers }
    },
  }
}

const outputInfo = (name: string, outputs: readonly ValueInfo[], values: ReadonlyMap<string, Value>): ValueInfo => {
  const declared = outputs.find((output) => output.name === name)
  const value = declared ?? values.get(name)
  if (!value) throw new BartizanError('GRAPH_INVALID', `the graph has no value "${name}"`)
  return { name, dtype: value.dtype, dims: value.dims }
}

/** Optional inputs left out at the end are not written at all. */
const trimmed = (names: readonly string[]): readonly string[] => {
  let end = names.length
  while (end > 0 && names[end - 1] === '') end--
  return names.slice(0, end)
}
