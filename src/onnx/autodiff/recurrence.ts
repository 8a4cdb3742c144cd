import type { GraphBuilder, Value } from '../builder.ts'
import { scan } from './scan.ts'

/** One step from the states before it and this step's elements of the sequences to the states after it. */
export type Step = (
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

/** Longer sequences run as a Scan: an unrolled graph takes time to load that grows with its length. */
const longestUnrolled = 64

/** Runs a recurrence: its states after the last step, and its outputs of all steps in the order of the sequences. */
export const recur = (g: GraphBuilder, recurrence: Recurrence): readonly Value[] => {
  const steps = recurrence.sequences.map((sequence) => sequence.dims?.[0]).find((dim) => typeof dim === 'number')
  return steps === undefined || steps > longestUnrolled ? scan(g, recurrence) : unrolled(g, recurrence, steps)
}

const unrolled = (g: GraphBuilder, { states: initial, sequences, backwards, step }: Recurrence, count: number) => {
  const elements = sequences.map((sequence) =>
    count === 1 ? [sequence] : g.ops('Split', [sequence], { axis: 0, num_outputs: count }, { outputs: count }),
  )
  const order = Array.from({ length: count }, (_, i) => (backwards ? count - 1 - i : i))
  const outputs: Value[] = []
  let states: readonly Value[] = initial.map((state) => g.unsqueeze(state, [0]))
  for (const t of order) {
    const result = step(
      g,
      states,
      elements.map((list) => list[t]!),
    )
    states = result.states
    outputs[t] = result.outputs[0]!
  }
  return [...states.map((state) => g.squeeze(state, [0])), g.concat(outputs, 0)]
}
