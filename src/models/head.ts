import type { GraphBuilder, Value } from '../onnx/builder.ts'
import { graphBuilder } from '../onnx/builder.ts'
import { poolInTiles, type TileForm } from '../onnx/rewrite/pool-in-tiles.ts'
import type { Graph, ValueInfo } from '../onnx/types.ts'
import { asLogits, type FoundOutput } from './outputs.ts'

/** What turns the user's values into what the network was trained on: (x scale - mean) / std, per channel or feature. */
export interface Preprocessing {
  readonly scale?: number
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

/** A model's graph from the user's input to logits, open for more to be built on it. */
export interface Head {
  readonly g: GraphBuilder
  readonly x: Value
  readonly logits: Value
}

export interface HeadOptions {
  /** Sizes of one row, and its type. */
  readonly input: { readonly name: string; readonly dims: readonly number[]; readonly dtype: ValueInfo['dtype'] }
  readonly output: FoundOutput
  readonly preprocessing: Preprocessing | undefined
  /** Weights that are inputs here: their values are not known, and nothing is built on them. */
  readonly trainable?: readonly string[]
  /** Pools from tiles (see `poolInTiles`), which is faster: some values of the graph are then missing. */
  readonly tiles?: TileForm | undefined
  /** Further inputs of the graph. */
  readonly inputs?: readonly ValueInfo[]
}

/** The model's graph under a batch axis, from the user's input to logits. */
export const modelHead = (graph: Graph, options: HeadOptions): Head => {
  const { input, output, preprocessing, trainable = [], tiles, inputs = [] } = options
  const type = { dtype: input.dtype, dims: ['batch', ...input.dims] }
  const names = valueNames(graph)
  const g0 = graphBuilder(undefined, {}, names)
  let rawName = 'bz:input'
  while (names.has(rawName)) rawName += '_'
  const raw = g0.input(preprocessing ? rawName : input.name, type.dtype, type.dims)
  const entry = preprocessing ? g0.output(input.name, preprocessed(g0, raw, preprocessing, input.dims)) : raw
  const front = g0.build()
  const weights = trainable.map((name): ValueInfo => {
    const { dtype, dims } = graph.initializers.get(name)!
    return { name, dtype, dims }
  })
  const initializers = new Map([...graph.initializers].filter(([name]) => !trainable.includes(name)))
  const joined: Graph = {
    ...graph,
    inputs: [...front.inputs, ...weights, ...inputs],
    nodes: preprocessing ? [...front.nodes, ...graph.nodes] : graph.nodes,
    initializers: new Map([...front.initializers, ...initializers]),
    outputs: [],
  }
  const g = graphBuilder(tiles ? poolInTiles(joined, tiles) : joined, {
    [input.name]: { dtype: entry.dtype, dims: entry.dims },
  })
  return { g, x: g.value(raw.name), logits: asLogits(g, output) }
}

const valueNames = (graph: Graph): ReadonlySet<string> =>
  new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])

/** Per channel for images and sequences (second axis), per feature for tables. */
const preprocessed = (
  g: GraphBuilder,
  x: Value,
  { scale, mean, std }: Preprocessing,
  dims: readonly number[],
): Value => {
  const perChannel = (values: readonly number[]): Value =>
    g.constant('float32', values.length === 1 ? [] : [values.length, ...dims.slice(1).map(() => 1)], values)
  const scaled = scale === undefined ? x : g.mul(x, scale)
  const centred = mean ? g.sub(scaled, perChannel(mean)) : scaled
  return std ? g.div(centred, perChannel(std)) : centred
}
