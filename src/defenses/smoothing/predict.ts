import { stream } from '../../base/random.ts'
import type { DataSet } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { binomialTest } from '../../stats/index.ts'
import { defaultAlpha, requireSmoothing, type SmoothingParameters, type SmoothingRun } from './options.ts'
import { cleanRows, type Rows, rowCount } from './rows.ts'
import { ballot, batchFor, pollster } from './votes.ts'

export interface PredictSmoothedOptions extends SmoothingRun, Pick<SmoothingParameters, 'sigma' | 'n'> {
  readonly alpha?: number
}

/** The smoothed classifier's answer at one row. */
export interface SmoothedPrediction {
  /** The row's number in the file, or counted from `firstRow`. */
  readonly row: number
  readonly prediction: number | 'abstain'
  /** How likely so clear a lead is where the two commonest classes are equally likely. */
  readonly pValue: number
  /** Votes of the n copies by class; less than n in all where the model answered with NaN. */
  readonly counts: readonly number[]
}

/**
 * Predicts as the smoothed classifier does (PREDICT of Cohen et al. 2019, arXiv:1902.02918): the commonest class of n
 * noisy copies of a row, or 'abstain' where a two-sided binomial test at level alpha can't tell the two commonest classes
 * apart. The answer differs from the smoothed classifier's with probability at most alpha. Noise, errors and the order of
 * rows are as in `certify`.
 */
export async function* predictSmoothed(
  model: Classifier,
  source: DataSet | Rows,
  options: PredictSmoothedOptions,
): AsyncGenerator<SmoothedPrediction> {
  const { sigma, n, alpha = defaultAlpha, batch = batchFor(model.size), seed = 0, progress } = options
  // The p-value of n votes in n is 2 / 2^n.
  requireSmoothing(model, { sigma, n0: 1, n, alpha }, batch, Math.ceil(1 - Math.log2(alpha)))
  const poll = await pollster(model, { sigma, batch: Math.min(batch, n) })
  const rows = rowCount(source, options.rows)
  let done = 0
  for await (const { x, row } of cleanRows(model, source, options)) {
    const votes = ballot(model.classes)
    await poll({
      x,
      samples: n,
      random: (sample) => stream(seed, 'smoothing', row, 'predict', sample),
      count: (_, vote) => votes.add(vote),
      progress: (samples) => progress?.((done + samples / n) / rows),
    })
    done++
    yield prediction(row, votes.counts, alpha)
  }
}

const prediction = (row: number, counts: readonly number[], alpha: number): SmoothedPrediction => {
  const [first = 0, second = 0] = [...counts].sort((a, b) => b - a)
  const pValue = first === 0 ? 1 : binomialTest(first, first + second)
  return { row, prediction: pValue <= alpha ? counts.indexOf(first) : 'abstain', pValue, counts }
}
