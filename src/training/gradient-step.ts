import type { Classifier } from '../models/classifier.ts'
import { type HeadOptions, modelHead } from '../models/head.ts'
import type { RowData } from '../models/program.ts'
import { addGradient } from '../onnx/autodiff/gradient.ts'
import { again } from '../onnx/rewrite/again.ts'
import type { Feed, Feeds } from '../onnx/session.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Graph } from '../onnx/types.ts'
import { toInt64 } from '../threat/rows.ts'
import type { Objective } from './objective.ts'
import { stepSession } from './step-session.ts'

/** The network as it is trained: in the modes of training, its weights by name. */
export interface TrainedGraph {
  readonly graph: Graph
  /** Initializers that training changes. */
  readonly trainable: readonly string[]
  /** Running statistics, each with the value of the graph that holds what it becomes. */
  readonly statistics: readonly { readonly name: string; readonly updated: string }[]
  /** Inputs of the graph that hold the dropout's random masks, a row of `dims` each. */
  readonly masks: readonly { readonly name: string; readonly dims: readonly number[]; readonly ratio: number }[]
}

/** Values by name: weights, running statistics, an optimiser's state. */
export type Arrays = ReadonlyMap<string, Float32Array>

export interface StepRows {
  readonly rows: number
  readonly x: Float32Array
  readonly labels: Int32Array
  /** What each row counts. */
  readonly importance: Float32Array
  readonly inputs: RowData
  readonly masks: ReadonlyMap<string, Float32Array>
}

export interface GradientStep {
  /**
   * Sums over the rows: of importance times loss, of rows that are classified right, and of the gradients by weight,
   * whose arrays the next run takes back.
   */
  run(weights: Arrays, rows: StepRows): Promise<StepSums>
  release(): Promise<void>
}

export interface StepSums {
  readonly loss: number
  readonly right: number
  readonly gradients: ReadonlyMap<string, Float32Array>
  /** Running statistics after the rows. */
  readonly statistics: ReadonlyMap<string, Float32Array>
}

export interface GradientStepOptions {
  readonly trained: TrainedGraph
  readonly objective: Objective
  readonly threads: number
  /**
   * Rows a run, where they don't influence one another: few enough that activations stay in the processor's cache,
   * and not so few that the work on weights, once a run, counts. On the reference network 64 rows are best, by little.
   */
  readonly rowsAtOnce?: number
}

/** Compiles the forward and the backward pass of a training step, the weights being inputs. */
export const gradientStep = async (model: Classifier, options: GradientStepOptions): Promise<GradientStep> => {
  const { trained, objective, threads } = options
  const { graph, rowsName } = stepGraph(model, trained, objective)
  const session = await stepSession(graph, { like: model.model, weights: weightNames(trained), threads })
  // Batch statistics are over all rows of a step.
  const mixes = trained.statistics.length > 0
  // What a run adds to and what it writes change places, so that no run has to make them anew.
  const [none, ...turns] = [zeros(trained), zeros(trained), zeros(trained)] as const
  const rowsAtOnce = options.rowsAtOnce ?? Math.max(16, Math.ceil(50_000 / model.size))
  return {
    async run(weights, rows) {
      const runRows = await session.withWeights(weightFeeds(trained, weights))
      let [sums, loss, right] = [none, 0, 0]
      let statistics: Arrays = new Map()
      for (const part of mixes ? [rows] : pieces(rows, rowsAtOnce, model.size, objective, trained)) {
        const next = sums === turns[0] ? turns[1] : turns[0]
        const feeds = { ...rowFeeds(part, { model, objective, trained, rowsName }), ...named('bz:sum:', sums) }
        const results = await runRows(feeds, named('bz:gradient:', next))
        const floats = (name: string): Float32Array => results[name]!.data as Float32Array
        loss += floats('bz:loss')[0]!
        right += floats('bz:right')[0]!
        statistics = new Map(trained.statistics.map(({ name }) => [name, floats(`bz:statistic:${name}`)]))
        sums = next
      }
      return { loss, right, statistics, gradients: arraysOf(sums) }
    },
    release: () => session.release(),
  }
}

/** The network in training up to each row's loss, [rows], its importance counted in. */
export const lossGraph = (
  model: Classifier,
  trained: TrainedGraph,
  objective: Objective,
  { tiles }: Pick<HeadOptions, 'tiles'> = {},
) => {
  const { g, x, logits } = modelHead(trained.graph, {
    input: model.input,
    output: model.output,
    preprocessing: model.preprocessing,
    trainable: weightNames(trained),
    tiles,
    inputs: trained.masks.map(({ name, dims }) => ({ name, dtype: 'float32', dims: ['batch', ...dims] })),
  })
  const forward = { ...g.build([]), nodes: [...g.build([]).nodes] }
  const labels = g.input('bz:labels', 'int64', ['batch'])
  const importance = g.input('bz:importance', 'float32', ['batch'])
  const inputs = new Map(
    Object.entries(objective.inputs ?? {}).map(([name, { dtype, dims }]) => [
      name,
      g.input(`bz:in:${name}`, dtype, ['batch', ...dims]),
    ]),
  )
  const loss = g.mul(
    importance,
    objective.loss({
      g,
      x,
      logits,
      labels,
      input: (name) => inputs.get(name)!,
      logitsAt: (point) => again(g, forward, { from: x, to: logits }, point),
    }),
  )
  return { g, x, logits, labels, loss }
}

const stepGraph = (model: Classifier, trained: TrainedGraph, objective: Objective) => {
  const { trainable, statistics } = trained
  const { g, x, logits, labels, loss } = lossGraph(model, trained, objective, { tiles: 'folded' })
  const wanted = trainable.map((name) => g.value(name))
  const gradients = addGradient(g, g.build([]), { of: loss, withRespectTo: wanted })
  g.output('bz:loss', g.reduceSum(loss, [0]))
  const right = g.equal(g.op('ArgMax', [logits], { axis: 1, keepdims: 0 }), labels)
  g.output('bz:right', g.reduceSum(g.cast(right, 'float32'), [0]))
  for (const [i, gradient] of gradients.entries()) {
    const { dtype, dims } = wanted[i]!
    const sum = g.input(`bz:sum:${trainable[i]}`, dtype, dims!)
    g.output(`bz:gradient:${trainable[i]}`, g.add(sum, gradient))
  }
  for (const { name, updated } of statistics) g.output(`bz:statistic:${name}`, g.value(updated))
  return { graph: g.build(), rowsName: x.name }
}

/** The rows, so many at a time. */
export function* pieces(
  rows: StepRows,
  rowsAtOnce: number,
  size: number,
  objective: Objective,
  { masks }: TrainedGraph,
): Generator<StepRows> {
  const inputs = Object.entries(objective.inputs ?? {}).map(([name, { dims }]) => [name, sizeOf(dims)] as const)
  for (let from = 0; from < rows.rows; from += rowsAtOnce) {
    const to = Math.min(from + rowsAtOnce, rows.rows)
    yield {
      rows: to - from,
      x: rows.x.subarray(from * size, to * size),
      labels: rows.labels.subarray(from, to),
      importance: rows.importance.subarray(from, to),
      inputs: Object.fromEntries(
        inputs.map(([name, width]) => [name, rows.inputs[name]!.subarray(from * width, to * width)]),
      ),
      masks: new Map(
        masks.map(({ name, dims }) => {
          const width = sizeOf(dims)
          return [name, rows.masks.get(name)!.subarray(from * width, to * width)]
        }),
      ),
    }
  }
}

export interface StepNames {
  readonly model: Classifier
  readonly objective: Objective
  readonly trained: TrainedGraph
  /** The input that takes the rows. */
  readonly rowsName: string
}

/** The weights and the running statistics. */
export const weightNames = ({ trainable, statistics }: TrainedGraph): readonly string[] => [
  ...trainable,
  ...statistics.map(({ name }) => name),
]

/** The values that the network is opened with, running statistics included. */
export const openedWeights = (trained: TrainedGraph): Arrays =>
  new Map(weightNames(trained).map((name) => [name, trained.graph.initializers.get(name)!.data as Float32Array]))

export const weightFeeds = (trained: TrainedGraph, weights: Arrays): Feeds =>
  Object.fromEntries(
    weightNames(trained).map((name) => [
      name,
      { dtype: 'float32', dims: trained.graph.initializers.get(name)!.dims, data: weights.get(name)! },
    ]),
  )

/** What a loss graph may take of some rows. */
export const rowFeeds = (
  { rows, x, labels, importance, inputs, masks }: StepRows,
  { model, objective, trained, rowsName }: StepNames,
): Feeds => {
  const feeds: Record<string, Feed> = {
    [rowsName]: { dtype: 'float32', dims: [rows, ...model.input.dims], data: x },
    'bz:labels': { dtype: 'int64', dims: [rows], data: toInt64(labels) },
    'bz:importance': { dtype: 'float32', dims: [rows], data: importance },
  }
  for (const [name, { dtype, dims }] of Object.entries(objective.inputs ?? {}))
    feeds[`bz:in:${name}`] = { dtype, dims: [rows, ...dims], data: inputs[name]! }
  for (const { name, dims } of trained.masks)
    feeds[name] = { dtype: 'float32', dims: [rows, ...dims], data: masks.get(name)! }
  return feeds
}

/** A zero for every weight. */
const zeros = ({ graph, trainable }: TrainedGraph): Feeds =>
  Object.fromEntries(
    trainable.map((name) => {
      const { dims } = graph.initializers.get(name)!
      return [name, { dtype: 'float32', dims, data: new Float32Array(sizeOf(dims)) }]
    }),
  )

const named = (prefix: string, feeds: Feeds): Feeds =>
  Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [prefix + name, feed]))

const arraysOf = (feeds: Feeds): Arrays =>
  new Map(Object.entries(feeds).map(([name, { data }]) => [name, data as Float32Array]))
