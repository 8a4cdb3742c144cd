import type { Random } from '../../base/random.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { ProgramSpec } from '../../models/program.ts'
import { addNoise } from './noise.ts'

/** The class of each row, the first of equals; -1, which is no class, where a logit is NaN. */
const vote: ProgramSpec = {
  key: 'smoothing-vote',
  inputs: {},
  build: ({ g, logits }) => {
    const best = g.cast(g.op('ArgMax', [logits], { axis: 1, keepdims: 0 }), 'float32')
    const broken = g.reduceMax(g.cast(g.op('IsNaN', [logits]), 'float32'), [1])
    return { vote: g.where(g.greater(broken, 0), -1, best) }
  },
}

/** Values held at once unless the caller says otherwise (4 MB), and the rows that a model takes at once at any size. */
const valuesAtOnce = 2 ** 20
const fewestAtOnce = 64

export const batchFor = (size: number): number =>
  Math.min(1024, Math.max(fewestAtOnce, Math.floor(valuesAtOnce / size)))

/** Noisy copies of one row: how many, by which noise, and where the vote of each goes. */
export interface Poll {
  readonly x: Float32Array
  readonly samples: number
  /** Each copy has a stream of its own, so its noise depends on no other copy and no batch. */
  random(sample: number): Random
  count(sample: number, vote: number): void
  progress(samples: number): void
}

/** Makes polls of a model; one buffer of `batch` rows serves them all, so one poll at a time. */
export const pollster = async (
  model: Classifier,
  { sigma, batch }: { readonly sigma: number; readonly batch: number },
): Promise<(poll: Poll) => Promise<void>> => {
  const program = await model.program(vote)
  const { size } = model
  const noisy = new Float32Array(batch * size)
  return async ({ x, samples, random, count, progress }) => {
    for (let from = 0; from < samples; from += batch) {
      const rows = Math.min(batch, samples - from)
      for (let i = 0; i < rows; i++) addNoise(x, sigma, random(from + i), noisy.subarray(i * size, (i + 1) * size))
      const { vote: votes } = await program.run(rows, { x: noisy })
      for (let i = 0; i < rows; i++) count(from + i, votes![i]!)
      progress(from + rows)
    }
  }
}

/** Votes by class. What voted for no class is in none of the counts. */
export const ballot = (classes: number): { readonly counts: number[]; add(vote: number): void } => {
  const counts = Array.from({ length: classes }, () => 0)
  return {
    counts,
    add(vote) {
      if (vote >= 0) counts[vote]!++
    },
  }
}
