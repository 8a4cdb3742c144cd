import { type Random, stream } from '../../base/random.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../builder.ts'
import { createSession, type Feed, type Feeds, modelOf } from '../session.ts'
import { sizeOf, toNumbers } from '../tensor.ts'
import type { Dim, Dims } from '../types.ts'

/** An input that is fed at run time; sizes written as `name=3` are unknown to the inference and 3 in the run. */
interface CheckedInput {
  readonly dims: readonly (number | string)[]
  readonly dtype?: 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'uint8'
  /** Standard normal numbers, or zeros in other types, where not given. */
  readonly values?: readonly number[]
}

export interface ShapeCheck {
  readonly inputs: readonly CheckedInput[]
  build(g: GraphBuilder, inputs: readonly Value[]): Value | readonly Value[]
  readonly opsets?: Readonly<Record<string, number>>
}

export interface ShapeVerdict {
  /** Where the inference contradicts what ONNX Runtime returned. */
  readonly wrong: readonly string[]
  /** Shapes and sizes that the inference left open. */
  readonly open: readonly string[]
}

/** Infers the types of a small graph's outputs, runs it in ONNX Runtime, and compares. */
export const checkShapes = async ({ inputs, build, opsets }: ShapeCheck, seed = 0): Promise<ShapeVerdict> => {
  const sizes = new Map<string, number>()
  const g = graphBuilder()
  const feeds: Record<string, Feed> = {}
  const random = stream('shape-check', seed)
  const symbols = inputs.map((input, i) => {
    const dims = input.dims.map((dim) => bound(dim, sizes))
    feeds[`x${i}`] = feedOf(
      input,
      dims.map((dim) => (typeof dim === 'string' ? sizes.get(dim)! : dim)),
      random,
    )
    return g.input(`x${i}`, input.dtype ?? 'float32', dims)
  })
  const outputs = [build(g, symbols)].flat()
  return compareWithRun(g, outputs, feeds, sizes, opsets)
}

const bound = (dim: number | string, sizes: Map<string, number>): Dim => {
  if (typeof dim === 'number') return dim
  const [name, size] = dim.split('=') as [string, string]
  sizes.set(name, Number(size))
  return name
}

const feedOf = ({ dtype = 'float32', values }: CheckedInput, dims: readonly number[], random: Random): Feed => {
  const list = values ?? Array.from({ length: sizeOf(dims) }, () => (dtype.startsWith('float') ? random.normal() : 0))
  switch (dtype) {
    case 'float32':
      return { dtype, dims, data: Float32Array.from(list) }
    case 'float64':
      return { dtype, dims, data: Float64Array.from(list) }
    case 'int32':
      return { dtype, dims, data: Int32Array.from(list) }
    case 'int64':
      return { dtype, dims, data: BigInt64Array.from(list, BigInt) }
    default:
      return { dtype, dims, data: Uint8Array.from(list) }
  }
}

const compareWithRun = async (
  g: GraphBuilder,
  outputs: readonly Value[],
  feeds: Feeds,
  sizes: ReadonlyMap<string, number>,
  opsets: Readonly<Record<string, number>> = {},
): Promise<ShapeVerdict> => {
  // Through Identity, so that an input or a constant may be an output; shapes are left for the runtime to say.
  for (const [i, value] of outputs.entries()) g.output(`y${i}`, value)
  const graph = g.build()
  const model = modelOf({ ...graph, outputs: graph.outputs.map((output) => ({ ...output, dims: undefined })) })
  const session = await createSession({ ...model, opsets: { ...model.opsets, ...opsets } })
  const results = await session.run(feeds)
  await session.release()
  const verdicts = outputs.map((value, i) => compare(value, results[`y${i}`]!, sizes))
  return { wrong: verdicts.flatMap(({ wrong }) => wrong), open: verdicts.flatMap(({ open }) => open) }
}

/** Compares what is known of a value with what it turned out to be. */
export const compare = (value: Value, actual: Feed, sizes: ReadonlyMap<string, number>): ShapeVerdict => {
  const wrong: string[] = []
  const open: string[] = []
  const { name, dtype, dims, elements, constant } = value
  if (dtype !== actual.dtype) wrong.push(`${name} is ${actual.dtype}, inferred as ${dtype}`)
  const match = (what: string, inferred: Dims, real: readonly number[]): void => {
    const found = inferred.map((dim) => sizeIn(dim, sizes))
    const isWrong = found.length !== real.length || found.some((x, i) => x !== undefined && x !== real[i])
    if (isWrong) wrong.push(`${name} has ${what} [${real}], inferred as [${inferred}]`)
    else if (found.includes(undefined)) open.push(`${name} has ${what} [${real}], inferred as [${inferred}]`)
  }
  if (dims) match('shape', dims, actual.dims)
  else open.push(`${name} has shape [${actual.dims}]`)
  const data = Array.isArray(actual.data) ? [] : Array.from(actual.data as ArrayLike<number | bigint>, Number)
  if (elements) match('elements', elements, data)
  if (constant && constant.dtype !== 'float16' && !Array.isArray(constant.data)) {
    const folded = toNumbers(constant)
    if (folded.length !== data.length || folded.some((x, i) => !isNear(x, data[i]!)))
      wrong.push(`${name} is [${data}], folded to [${folded}]`)
  }
  return { wrong, open }
}

const isNear = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b))

const sizeIn = (dim: Dim, sizes: ReadonlyMap<string, number>): number | undefined => {
  if (typeof dim === 'number') return dim
  return dim
    .split('*')
    .map((part) => sizes.get(part) ?? (/^-?\d+$/.test(part) ? Number(part) : undefined))
    .reduce((product, size) => (product === undefined || size === undefined ? undefined : product * size))
}
