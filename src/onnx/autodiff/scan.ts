import { type GraphBuilder, graphBuilder, type Value } from '../builder.ts'
import type { Graph } from '../types.ts'

/** One step from the states before it and this step's elements of the sequences to the states after it. */
type Step = (
  g: GraphBuilder,
  states: readonly Value[],
  elements: readonly Value[],
) => { readonly states: readonly Value[]; readonly outputs: readonly Value[] }

export interface Recurrence {
  /** Before the first step, [rows, …]. */
  readonly states: readonly Value[]
  /** [steps, rows, …]. */
  readonly sequences: readonly Value[]
  /** From the last step to the first. */
  readonly backwards: boolean
  /**
   * Elements and states may have an axis of size 1 in front, so a step uses only operators that don't mind: elementwise
   * ones, MatMul with a matrix on the right, and the last axis by -1. It gives one output.
   */
  readonly step: Step
}

/** A recurrence as one ONNX Scan, for sequences whose length only the run knows. */
export const scan = (g: GraphBuilder, { states, sequences, backwards, step }: Recurrence): readonly Value[] => {
  const body = graphBuilder()
  const before = states.map(({ dtype, dims }, i) => body.input(`before${i}`, dtype, dims!))
  const elements = sequences.map(({ dtype, dims }, i) => body.input(`element${i}`, dtype, dims!.slice(1)))
  const after = step(body, before, elements)
  after.states.forEach((state, i) => {
    body.output(`after${i}`, state)
  })
  body.output('output', after.outputs[0]!)
  const prefix = `${sequences[0]!.name}/${backwards ? 'backwards' : 'forwards'}/`
  const direction = Number(backwards)
  return g.ops(
    'Scan',
    [...states, ...sequences],
    {
      body: { type: 'graph', value: renamed(body.build(), prefix) },
      num_scan_inputs: sequences.length,
      scan_input_directions: sequences.map(() => direction),
      scan_output_directions: [direction],
    },
    { outputs: states.length + 1 },
  )
}

/** Names of a nested graph must differ from those around it; names it takes from around it must stay. */
const renamed = (graph: Graph, prefix: string): Graph => {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])
  const rename = (name: string) => (own.has(name) ? prefix + name : name)
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      name: prefix + node.name,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    })),
    inputs: graph.inputs.map((input) => ({ ...input, name: rename(input.name) })),
    outputs: graph.outputs.map((output) => ({ ...output, name: rename(output.name) })),
    initializers: new Map([...graph.initializers].map(([name, value]) => [rename(name), value])),
  }
}
