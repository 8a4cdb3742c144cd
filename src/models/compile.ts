import { BartizanError } from '../base/errors.ts'
import { addGradient } from '../onnx/autodiff/gradient.ts'
import { again } from '../onnx/rewrite/again.ts'
import { liveNodes } from '../onnx/rewrite/live-nodes.ts'
import { repeated } from '../onnx/rewrite/repeat.ts'
import { createSession, modelOf, type Session } from '../onnx/session.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Graph, Model, Tensor } from '../onnx/types.ts'
import type { Head } from './head.ts'
import type { Program, ProgramSpec, RowData } from './program.ts'

export interface CompiledProgram extends Program {
  release(): Promise<void>
}

/** A program's graph, which many weights can be put into. */
export interface ProgramPlan {
  readonly graph: Graph
  readonly cost: Program['cost']
  readonly names: readonly string[]
  readonly rowDims: Readonly<Record<string, readonly number[]>>
  readonly feedNames: Readonly<Record<string, string>>
}

/** Builds a program on the head of a model. `dims`: the shape of one row. */
export const planProgram = ({ g, x, logits }: Head, spec: ProgramSpec, dims: readonly number[]): ProgramPlan => {
  const cost = { forward: 1, gradient: 0 }
  const head = { ...g.build([]), nodes: [...g.build([]).nodes] }
  const inputs = new Map(
    Object.entries(spec.inputs).map(([name, { dtype, dims }]) => [
      name,
      g.input(`bz:in:${name}`, dtype, ['batch', ...dims]),
    ]),
  )
  const results = spec.build({
    g,
    x,
    logits,
    input(name) {
      const value = inputs.get(name)
      if (!value) throw new BartizanError('INTERNAL', `program ${spec.key} declares no input "${name}"`)
      return value
    },
    gradient(loss) {
      cost.gradient++
      return addGradient(g, g.build([]), { of: loss, withRespectTo: [x] })[0]!
    },
    logitsAt(point) {
      cost.forward++
      return again(g, head, { from: x, to: logits }, point)
    },
  })
  for (const [name, value] of Object.entries(results)) g.output(`bz:out:${name}`, value)
  const { repeat } = spec
  const wanted = repeat ? [repeat.result] : Object.keys(results)
  const once = liveNodes(g.build(wanted.map((name) => `bz:out:${name}`)))
  const start = 'bz:start'
  const steps = repeat?.steps ?? 1
  return {
    graph: repeat
      ? repeated(once, { carried: x.name, start, result: `bz:out:${repeat.result}`, last: 'bz:out:last', steps })
      : once,
    cost: { forward: cost.forward * steps, gradient: cost.gradient * steps },
    names: repeat ? ['last'] : wanted,
    rowDims: {
      x: dims,
      ...Object.fromEntries(Object.entries(spec.inputs).map(([name, { dims }]) => [name, dims])),
    },
    feedNames: {
      x: repeat ? start : x.name,
      ...Object.fromEntries([...inputs].map(([name, value]) => [name, value.name])),
    },
  }
}

export interface OpenProgramOptions {
  /** Rows a run. */
  readonly batch: number
  readonly threads: number | undefined
  /** Weights to put in place of the graph's inputs of their names. */
  readonly weights: ReadonlyMap<string, Tensor>
}

/** Makes a plan ready to run, its weights constant. */
export const openProgram = async (
  model: Model,
  { graph, cost, names, rowDims, feedNames }: ProgramPlan,
  { batch, threads, weights }: OpenProgramOptions,
): Promise<CompiledProgram> => {
  const filled: Graph = {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => !weights.has(name)),
    initializers: new Map([...graph.initializers, ...weights]),
  }
  const session = await createSession(modelOf(weights.size > 0 ? liveNodes(filled) : filled, model), { threads })
  return {
    cost,
    run: (rows, data) => runInBatches({ session, names, rowDims, feedNames, batch, rows, data }),
    release: () => session.release(),
  }
}

interface BatchRun {
  readonly session: Session
  readonly names: readonly string[]
  readonly rowDims: Readonly<Record<string, readonly number[]>>
  readonly feedNames: Readonly<Record<string, string>>
  readonly batch: number
  readonly rows: number
  readonly data: RowData
}

const runInBatches = async ({ session, names, rowDims, feedNames, batch, rows, data }: BatchRun) => {
  const results: Record<string, Float32Array> = {}
  for (let from = 0; from < rows; from += batch) {
    const count = Math.min(batch, rows - from)
    const feeds = Object.fromEntries(
      Object.entries(feedNames).map(([name, feedName]) => {
        const dims = rowDims[name]!
        const size = sizeOf(dims)
        const values = data[name]
        if (!values) throw new BartizanError('INTERNAL', `a program was run without its input "${name}"`)
        const part = values.subarray(from * size, (from + count) * size)
        const dtype = part instanceof Float32Array ? 'float32' : part instanceof BigInt64Array ? 'int64' : 'bool'
        return [feedName, { dtype, dims: [count, ...dims], data: part } as const]
      }),
    )
    const outputs = await session.run(feeds)
    for (const name of names) {
      const { data: part, dims } = outputs[`bz:out:${name}`]!
      const size = sizeOf(dims.slice(1))
      results[name] ??= new Float32Array(rows * size)
      results[name].set(part instanceof Float32Array ? part : Float32Array.from(part as ArrayLike<number>), from * size)
    }
  }
  return results
}
