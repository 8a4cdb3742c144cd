import { BartizanError } from '../base/errors.ts'
import { type AttributeInput, attributesFrom } from './attributes.ts'
import { inferNode, inferShapes, knownTensor } from './shapes/infer.ts'
import type { Known } from './shapes/rule.ts'
import { tensor } from './tensor.ts'
import {
  type Dims,
  type DType,
  dtypes,
  type Graph,
  type Node,
  type Tensor,
  type TensorType,
  type ValueInfo,
} from './types.ts'

/** A value of the graph that is being built, with what is known of its shape. */
export interface Value extends Known {
  readonly name: string
}

/** An operand: a value, or a number that takes the type of the value beside it. */
export type Operand = Value | number

export interface OpOptions {
  readonly domain?: string
  /** How many outputs to ask for; '' in `skip` leaves one out. */
  readonly outputs?: number
}

/** Reads like the mathematics: `g.mul(dY, g.sub(1, g.mul(y, y)))`. Built on the newest operator forms (see `opset`). */
export interface GraphBuilder {
  input(name: string, dtype: DType, dims: Dims): Value
  /** Names a value as an output of the graph. */
  output(name: string, value: Value): Value
  /** A value the graph already has, by name. Throws GRAPH_INVALID where there is none. */
  value(name: string): Value
  has(name: string): boolean
  /** The node that makes a value. */
  producer(value: Value): Node | undefined
  constant(dtype: DType, dims: readonly number[], values: ArrayLike<number>): Value
  tensor(value: Tensor): Value
  /** int64 vector. */
  ints(values: readonly number[]): Value
  /** A scalar of the type of `like`. */
  scalar(value: number, like: TensorType): Value
  op(op: string, inputs: readonly (Value | undefined)[], attributes?: OpAttributes, options?: OpOptions): Value
  ops(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes?: OpAttributes,
    options?: OpOptions,
  ): readonly Value[]

  add(a: Operand, b: Operand): Value
  sub(a: Operand, b: Operand): Value
  mul(a: Operand, b: Operand): Value
  div(a: Operand, b: Operand): Value
  pow(a: Operand, b: Operand): Value
  min(a: Operand, b: Operand): Value
  max(a: Operand, b: Operand): Value
  equal(a: Operand, b: Operand): Value
  less(a: Operand, b: Operand): Value
  greater(a: Operand, b: Operand): Value
  lessOrEqual(a: Operand, b: Operand): Value
  greaterOrEqual(a: Operand, b: Operand): Value
  and(a: Value, b: Value): Value
  or(a: Value, b: Value): Value
  not(a: Value): Value
  where(condition: Value, a: Operand, b: Operand): Value
  neg(x: Value): Value
  abs(x: Value): Value
  sign(x: Value): Value
  exp(x: Value): Value
  log(x: Value): Value
  sqrt(x: Value): Value
  square(x: Value): Value
  reciprocal(x: Value): Value
  sigmoid(x: Value): Value
  tanh(x: Value): Value
  cast(x: Value, dtype: DType): Value
  matmul(a: Value, b: Value): Value
  transpose(x: Value, perm?: readonly number[]): Value
  /** 0 keeps an axis, -1 infers one (ONNX Reshape). */
  reshape(x: Value, dims: readonly number[] | Value): Value
  expand(x: Value, dims: readonly number[] | Value): Value
  /** The shape as an int64 vector: a constant where it is known. */
  shapeOf(x: Value): Value
  concat(values: readonly Value[], axis: number): Value
  slice(
    x: Value,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[],
    steps?: readonly number[],
  ): Value
  gather(x: Value, indices: Value, axis: number): Value
  squeeze(x: Value, axes: readonly number[]): Value
  unsqueeze(x: Value, axes: readonly number[]): Value
  reduceSum(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  reduceMean(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  reduceMax(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  reduceMin(x: Value, axes?: readonly number[], keepDims?: boolean): Value
  softmax(x: Value, axis: number): Value
  logSoftmax(x: Value, axis: number): Value
  zerosLike(x: Value): Value
  onesLike(x: Value): Value

  build(outputs?: readonly string[]): Graph
}

export type OpAttributes = Readonly<Record<string, AttributeInput>>

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
  const constants = new Map<string, Value>()
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

  const tensorValue = (value: Tensor): Value => {
    const key =
      value.data.length <= 16 ? `${value.dtype}[${value.dims}]${Array.from(value.data, String).join()}` : undefined
    const existing = key === undefined ? undefined : constants.get(key)
    if (existing) return existing
    const name = unused('constant')
    initializers.set(name, value)
    const made = keep({ ...knownTensor(value), name })
    if (key !== undefined) constants.set(key, made)
    return made
  }
  const constant: GraphBuilder['constant'] = (dtype, dims, list) => tensorValue(tensor(dtype, dims, list))
  const ints = (list: readonly number[]): Value => constant('int64', [list.length], list)
  const scalar = (value: number, like: TensorType): Value => constant(like.dtype, [], [value])

  const ops: GraphBuilder['ops'] = (op, operands, attributes = {}, { domain = '', outputs: count = 1 } = {}) => {
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
  const op: GraphBuilder['op'] = (name, operands, attributes, options) => ops(name, operands, attributes, options)[0]!

  const binary =
    (name: string) =>
    (a: Operand, b: Operand): Value => {
      const like = typeof a === 'number' ? b : a
      if (typeof like === 'number') throw new BartizanError('INTERNAL', `${name} of two numbers needs no graph`)
      return op(
        name,
        [a, b].map((operand) => (typeof operand === 'number' ? scalar(operand, like) : operand)),
      )
    }
  const unary =
    (name: string) =>
    (x: Value): Value =>
      op(name, [x])
  const reduction =
    (name: string) =>
    (x: Value, axes?: readonly number[], keepDims = false): Value =>
      op(name, [x, axes && ints(axes)], {
        keepdims: Number(keepDims),
        ...(axes?.length === 0 && { noop_with_empty_axes: 1 }),
      })
  const shapeOperand = (dims: readonly number[] | Value): Value => (isValue(dims) ? dims : ints(dims))

  const shapeOf = (x: Value): Value =>
    x.dims?.every((dim) => typeof dim === 'number') ? ints(x.dims as readonly number[]) : op('Shape', [x])
  const mul = binary('Mul')

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
    constant,
    tensor: tensorValue,
    ints,
    scalar,
    op,
    ops,
    add: binary('Add'),
    sub: binary('Sub'),
    mul,
    div: binary('Div'),
    pow: binary('Pow'),
    min: binary('Min'),
    max: binary('Max'),
    equal: binary('Equal'),
    less: binary('Less'),
    greater: binary('Greater'),
    lessOrEqual: binary('LessOrEqual'),
    greaterOrEqual: binary('GreaterOrEqual'),
    and: binary('And'),
    or: binary('Or'),
    not: unary('Not'),
    where(condition, a, b) {
      const like = typeof a === 'number' ? b : a
      if (typeof like === 'number') throw new BartizanError('INTERNAL', 'Where of two numbers has no type')
      const [yes, no] = [a, b].map((operand) => (typeof operand === 'number' ? scalar(operand, like) : operand))
      return op('Where', [condition, yes, no])
    },
    neg: unary('Neg'),
    abs: unary('Abs'),
    sign: unary('Sign'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    square: (x) => mul(x, x),
    reciprocal: unary('Reciprocal'),
    sigmoid: unary('Sigmoid'),
    tanh: unary('Tanh'),
    cast: (x, dtype) => (x.dtype === dtype ? x : op('Cast', [x], { to: dtypes.indexOf(dtype) })),
    matmul: (a, b) => op('MatMul', [a, b]),
    transpose: (x, perm) => op('Transpose', [x], { perm }),
    reshape: (x, dims) => op('Reshape', [x, shapeOperand(dims)]),
    expand: (x, dims) => op('Expand', [x, shapeOperand(dims)]),
    shapeOf,
    concat: (list, axis) => (list.length === 1 ? list[0]! : op('Concat', list, { axis })),
    slice: (x, starts, ends, axes, steps) =>
      op('Slice', [x, ints(starts), ints(ends), ints(axes), steps && ints(steps)]),
    gather: (x, indices, axis) => op('Gather', [x, indices], { axis }),
    squeeze: (x, axes) => op('Squeeze', [x, ints(axes)]),
    unsqueeze: (x, axes) => op('Unsqueeze', [x, ints(axes)]),
    reduceSum: reduction('ReduceSum'),
    reduceMean: reduction('ReduceMean'),
    reduceMax: reduction('ReduceMax'),
    reduceMin: reduction('ReduceMin'),
    softmax: (x, axis) => op('Softmax', [x], { axis }),
    logSoftmax: (x, axis) => op('LogSoftmax', [x], { axis }),
    zerosLike: (x) => op('ConstantOfShape', [shapeOf(x)], { value: tensor(x.dtype, [1], [0]) }),
    onesLike: (x) => op('ConstantOfShape', [shapeOf(x)], { value: tensor(x.dtype, [1], [1]) }),
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

const isValue = (dims: readonly number[] | Value): dims is Value => !Array.isArray(dims)

/** Optional inputs left out at the end are not written at all. */
const trimmed = (names: readonly string[]): readonly string[] => {
  let end = names.length
  while (end > 0 && names[end - 1] === '') end--
  return names.slice(0, end)
}
