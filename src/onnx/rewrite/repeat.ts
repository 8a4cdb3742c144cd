import { tensor } from '../tensor.ts'
import type { Graph } from '../types.ts'

export interface Repetition {
  /** The input that takes the result of the step before; the graph's own caller feeds `start` in its place. */
  readonly carried: string
  readonly start: string
  /** The output that is carried; what comes out after the last step is called `last`. */
  readonly result: string
  readonly last: string
  readonly steps: number
}

/**
 * A graph that runs another `steps` times in one ONNX Loop: the same values to the last bit, without a call and two
 * copies a step (measured 9 % faster on a small network, see bench/loop.ts).
 */
export const repeated = (graph: Graph, { carried, start, result, last, steps }: Repetition): Graph => {
  const input = graph.inputs.find(({ name }) => name === carried)!
  const output = graph.outputs.find(({ name }) => name === result)!
  const condition = { name: 'bz:cond', dtype: 'bool', dims: [] } as const
  const body: Graph = {
    ...graph,
    name: 'step',
    nodes: [
      ...graph.nodes,
      { name: 'bz:go', op: 'Identity', domain: '', inputs: [condition.name], outputs: ['bz:go'], attributes: {} },
    ],
    inputs: [{ name: 'bz:iteration', dtype: 'int64', dims: [] }, condition, input],
    outputs: [{ ...condition, name: 'bz:go' }, output],
  }
  return {
    name: graph.name,
    nodes: [
      {
        name: 'bz:loop',
        op: 'Loop',
        domain: '',
        inputs: ['bz:steps', 'bz:yes', start],
        outputs: [last],
        attributes: { body: { type: 'graph', value: body } },
      },
    ],
    inputs: [{ ...input, name: start }, ...graph.inputs.filter(({ name }) => name !== carried)],
    outputs: [{ ...output, name: last }],
    initializers: new Map([
      ['bz:steps', tensor('int64', [], [steps])],
      ['bz:yes', tensor('bool', [], [1])],
    ]),
  }
}
