import { BartizanError } from '../../base/errors.ts'
import { graphBuilder, opset } from '../../onnx/builder.ts'
import { normalise } from '../../onnx/normalise.ts'
import {
  isStraightThrough,
  ownDomain,
  ownVersion,
  straightThrough,
  straightThroughs,
} from '../../onnx/straight-through.ts'
import type { Graph, LocalFunction, Model, ValueInfo } from '../../onnx/types.ts'
import { nodeNames, unusedNames, valueNames } from '../../onnx/upgrade/names.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import { functionName, functionOf, parameterAttributes } from './function-call.ts'
import { rewired } from './rewire.ts'
import type { AnyTransform } from './transform.ts'

/** From this operator set on, the operators that transforms use have the form that the builder writes. */
const oldest = 13
/** Functions of the model came with this version of the file format. */
const oldestIr = 8

export interface TransformedInput {
  readonly name: string
  /** Sizes of one row, without the batch. */
  readonly dims: readonly number[]
}

/** Lowest and highest value, in the units of the graph's own input: before any preprocessing that is part of it. */
export interface InputRange {
  readonly low: number
  readonly high: number
}

/**
 * The model with a transform in front of its input, as one node that calls a function of the model's own
 * (`bartizan:Jpeg` …), so that the file runs wherever ONNX does. The transform acts on the input as it is fed, before
 * anything else; of several, the one put in last acts first. Names of inputs and outputs, weights and metadata stay;
 * operator sets before 13 are brought up to date. Gradients go through it, straight through its rounding.
 *
 * Throws USAGE for parameters the transform doesn't have or that don't fit the rows, MODEL_UNSUPPORTED for inputs that
 * are not float32, and for rows that are not pictures where only those are worked on.
 */
export const withTransform = (
  source: Model,
  input: TransformedInput,
  transform: AnyTransform,
  given: AnyParameters,
  range: InputRange,
): Model => {
  const parameters = resolveParameters(transform.id, transform.parameters, given)
  const declared = declaredInput(source, input.name)
  requireRows(transform, input)
  if (!(range.low < range.high && Number.isFinite(range.high - range.low)))
    throw new BartizanError('USAGE', `the input range [${range.low}, ${range.high}] holds no interval`, {
      hint: 'state the lowest and the highest value of an input',
    })
  const model = (source.opsets[''] ?? opset) < oldest ? normalise(source) : source
  const version = model.opsets[''] ?? opset
  const attributes = parameterAttributes({ ...parameters, ...range })
  const unused = unusedNames(
    new Set(model.functions.filter(({ domain }) => domain === ownDomain).map(({ name }) => name)),
  )
  const definition = functionOf(
    built(transform, input, parameters, range),
    unused(functionName(transform.id)),
    Object.keys(attributes),
    version,
  )
  const result = unusedNames(valueNames(model.graph))(`${declared.name}/${transform.id}`)
  const call = {
    name: unusedNames(nodeNames(model.graph))(`bartizan/${transform.id}`),
    op: definition.name,
    domain: ownDomain,
    inputs: [declared.name],
    outputs: [result],
    attributes,
  }
  return {
    ...model,
    irVersion: Math.max(oldestIr, model.irVersion),
    opsets: { ...model.opsets, '': version, [ownDomain]: ownVersion },
    graph: { ...model.graph, nodes: [call, ...rewired(model.graph.nodes, declared.name, result)] },
    functions: [...withStraightThroughs(model.functions, definition, version), definition],
  }
}

const declaredInput = ({ graph }: Model, name: string): ValueInfo => {
  const declared = graph.inputs.find((input) => input.name === name)
  if (!declared)
    throw new BartizanError('MODEL_UNSUPPORTED', `the model has no input "${name}"`, {
      hint: `its inputs are ${graph.inputs.map((input) => `"${input.name}"`).join(', ')}`,
    })
  if (declared.dtype !== 'float32')
    throw new BartizanError('MODEL_UNSUPPORTED', `input "${name}" is ${declared.dtype}; transforms work on float32`, {
      data: { input: name, dtype: declared.dtype },
    })
  return declared
}

const requireRows = ({ id, rows }: AnyTransform, { dims }: TransformedInput): void => {
  if (rows === 'images' && dims.length !== 3)
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      `${id} works on pictures [channels, height, width], not on rows of shape [${dims}]`,
      { hint: 'bit-depth works on rows of any shape', data: { transform: id, dims } },
    )
}

const built = (
  transform: AnyTransform,
  { dims }: TransformedInput,
  parameters: AnyParameters,
  range: InputRange,
): Graph => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', ...dims])
  g.output('y', transform.build({ g, x, dims, ...range }, parameters))
  return g.build()
}

/** The model's functions with those that gradients pass straight through, as far as the new one calls them. */
const withStraightThroughs = (
  functions: readonly LocalFunction[],
  { nodes }: LocalFunction,
  version: number,
): readonly LocalFunction[] => {
  const called = straightThroughs.filter((name) => nodes.some(({ domain, op }) => domain === ownDomain && op === name))
  const missing = called.filter((name) => {
    const existing = functions.find((other) => other.domain === ownDomain && other.name === name)
    if (!existing || isStraightThrough(existing)) return !existing
    throw new BartizanError('MODEL_UNSUPPORTED', `the model has a function bartizan:${name} that does something else`, {
      hint: 'rename it: Bartizan writes its own function of that name',
    })
  })
  return [...functions, ...missing.map((name) => straightThrough(name, version))]
}
