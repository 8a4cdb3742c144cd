import { type Random, stream } from '../../base/random.ts'
import { type AttributeInput, attributesFrom } from '../attributes.ts'
import { createSession, type Feed, type Feeds, modelOf } from '../session.ts'
import { sizeOf } from '../tensor.ts'
import type { Graph, Model, Tensor } from '../types.ts'
import { upgradeNodes } from './upgrade.ts'

/** One operator in an old form. */
export interface OldNode {
  readonly op: string
  readonly version: number
  readonly inputs: readonly (readonly number[] | Tensor | undefined)[]
  readonly attributes?: Readonly<Record<string, AttributeInput>>
  readonly outputs?: number
  /** Element type of the inputs that are fed. */
  readonly dtype?: 'float32' | 'float64'
}

/** A graph of one node; shapes are fed at run time with a named first axis, tensors are constants. */
export const oldGraph = ({ op, inputs, attributes = {}, outputs = 1, dtype = 'float32' }: OldNode): Graph => ({
  name: 'old',
  nodes: [
    {
      name: 'node',
      op,
      domain: '',
      inputs: inputs.map((input, i) => (input ? `x${i}` : '')),
      outputs: Array.from({ length: outputs }, (_, i) => `y${i}`),
      attributes: attributesFrom(attributes),
    },
  ],
  inputs: inputs.flatMap((input, i) =>
    input && !('dtype' in input)
      ? [{ name: `x${i}`, dtype, dims: i === 0 && input.length > 0 ? ['batch', ...input.slice(1)] : input }]
      : [],
  ),
  outputs: Array.from({ length: outputs }, (_, i) => ({ name: `y${i}`, dtype: 'undefined', dims: undefined })),
  initializers: new Map(inputs.flatMap((input, i) => (input && 'dtype' in input ? [[`x${i}`, input]] : []))),
})

const feed = (dims: readonly number[], dtype: 'float32' | 'float64', random: Random): Feed => {
  const list = Array.from({ length: sizeOf(dims) }, () => random.normal())
  return dtype === 'float64'
    ? { dtype, dims, data: Float64Array.from(list) }
    : { dtype, dims, data: Float32Array.from(list) }
}

/** Random values for what an old node is fed. */
const feedsFor = ({ inputs, dtype = 'float32' }: OldNode, seed: number): Feeds => {
  const random = stream('upgrade', seed)
  return Object.fromEntries(
    inputs.flatMap((input, i) => (input && !('dtype' in input) ? [[`x${i}`, feed(input, dtype, random)]] : [])),
  )
}

const runOnce = async (model: Model, feeds: Feeds): Promise<Readonly<Record<string, Feed>>> => {
  const session = await createSession(model)
  const results = await session.run(feeds)
  await session.release()
  return results
}

/** Where two models differ on the same values: shapes, types, or numbers by more than rounding. */
export const differences = async (before: Model, after: Model, feeds: Feeds): Promise<readonly string[]> => {
  const [old, current] = [await runOnce(before, feeds), await runOnce(after, feeds)]
  return Object.keys(old).flatMap((name) => {
    const [a, b] = [old[name]!, current[name]!]
    if (a.dtype !== b.dtype || `${a.dims}` !== `${b.dims}`)
      return [`${name} was ${a.dtype} [${a.dims}] and is ${b.dtype} [${b.dims}]`]
    const [from, to] = [Array.from(a.data, Number), Array.from(b.data, Number)]
    const at = from.findIndex((x, i) => !(x === to[i] || Math.abs(x - to[i]!) <= 1e-5 * (1 + Math.abs(x))))
    return at < 0 ? [] : [`${name}[${at}] was ${from[at]} and is ${to[at]}`]
  })
}

/** Where an old node and its upgrade differ in ONNX Runtime. */
export const upgradeDifferences = async (old: OldNode, seed = 0): Promise<readonly string[]> => {
  const graph = oldGraph(old)
  const before = { ...modelOf(graph), irVersion: 8, opsets: { '': old.version } }
  return differences(before, modelOf(upgradeNodes(graph, old.version)), feedsFor(old, seed))
}
