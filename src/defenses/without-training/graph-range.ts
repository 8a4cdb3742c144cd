import { BartizanError } from '../../base/errors.ts'
import type { Preprocessing } from '../../models/head.ts'

export interface ValueRange {
  readonly low: number
  readonly high: number
}

/**
 * The user's range of values in the units of the graph's own input: what the preprocessing outside the file makes of
 * it. Throws MODEL_UNSUPPORTED where channels are treated differently, since there is then no one range.
 */
export const graphRange = ({ low, high }: ValueRange, preprocessing: Preprocessing | undefined): ValueRange => {
  const { scale = 1, mean = [0], std = [1] } = preprocessing ?? {}
  const [shift, spread] = [mean[0]!, std[0]!]
  if (mean.some((value) => value !== shift) || std.some((value) => value !== spread))
    throw new BartizanError(
      'MODEL_UNSUPPORTED',
      `the preprocessing differs by channel (mean ${mean.join(', ')}; std ${std.join(', ')}), and the file takes its ` +
        'results: they have no one range that a transform could work over',
      { hint: 'export the model with its preprocessing in the graph' },
    )
  const ends = [low, high].map((value) => (value * scale - shift) / spread)
  return { low: Math.min(...ends), high: Math.max(...ends) }
}
