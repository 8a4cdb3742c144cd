import type { GraphBuilder, Value } from '../builder.ts'
import { type Recurrence, scan } from './scan.ts'

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
