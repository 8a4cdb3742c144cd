import { stream } from '../../base/random.ts'
import type { DataSet } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { clopperPearsonLow, normalQuantile } from '../../stats/index.ts'
import { defaultAlpha, defaultN0, requireSmoothing, type SmoothingParameters, type SmoothingRun } from './options.ts'
import { cleanRows, type Rows, rowCount } from './rows.ts'
import { ballot, batchFor, pollster } from './votes.ts'

export interface CertifyOptions extends SmoothingRun, Pick<SmoothingParameters, 'sigma' | 'n'> {
  readonly n0?: number
  readonly alpha?: number
}

/** What is certain about the smoothed classifier at one row, but for a probability of `alpha`. */
export interface Certificate {
  /** The row's number in the file, or counted from `firstRow`. */
  readonly row: number
  readonly prediction: number | 'abstain'
  /** No perturbation of a smaller L2 norm, in input units, changes the prediction; 0 where it abstains. */
  readonly radius: number
  /** The class that was tested: the commonest of the first n0 copies. */
  readonly candidate: number
  /** Lower confidence limit of the probability that a noisy copy gets the candidate. */
  readonly probabilityLow: number
  /** Votes of the n copies by class; less than n in all where the model answered with NaN. */
  readonly counts: readonly number[]
}

/**
 * Certifies rows by randomised smoothing, one after the other (CERTIFY of Cohen et al. 2019, arXiv:1902.02918). The
 * smoothed classifier's answer at a row is the commonest class of the row under normal noise: n0 noisy copies propose a
 * class, n others give the one-sided Clopper-Pearson limit p of its probability at level alpha, and the radius is
 * sigma Φ⁻¹(p), or there is none (p < 1/2: 'abstain'). With probability 1 - alpha a certificate holds, for this
 * smoothed classifier and not for the bare model.
 *
 * The noise of a copy is keyed by (seed, row, copy): rows get the same certificate alone, together, in any batch, and in
 * a run that goes on where another stopped (`rows: { from }`). Throws USAGE, MODEL_UNSUPPORTED (whole-number inputs),
 * DATA_SHAPE_MISMATCH, DATA_OUT_OF_RANGE, and whatever reading the rows throws.
 */
export async function* certify(
  model: Classifier,
  source: DataSet | Rows,
  options: CertifyOptions,
): AsyncGenerator<Certificate> {
  const { sigma, n, n0 = defaultN0, alpha = defaultAlpha, batch = batchFor(model.size), seed = 0, progress } = options
  // The limit of n votes in n is alpha^(1/n), which must reach 1/2.
  requireSmoothing(model, { sigma, n0, n, alpha }, batch, Math.ceil(-Math.log2(alpha)))
  const poll = await pollster(model, { sigma, batch: Math.min(batch, n0 + n) })
  const rows = rowCount(source, options.rows)
  let done = 0
  for await (const { x, row } of cleanRows(model, source, options)) {
    const selection = ballot(model.classes)
    const estimation = ballot(model.classes)
    await poll({
      x,
      samples: n0 + n,
      random: (sample) =>
        sample < n0
          ? stream(seed, 'smoothing', row, 'select', sample)
          : stream(seed, 'smoothing', row, 'estimate', sample - n0),
      count: (sample, vote) => (sample < n0 ? selection : estimation).add(vote),
      progress: (samples) => progress?.((done + samples / (n0 + n)) / rows),
    })
    done++
    yield certificate(row, selection.counts, estimation.counts, { sigma, n, alpha })
  }
}

const certificate = (
  row: number,
  selected: readonly number[],
  counts: readonly number[],
  { sigma, n, alpha }: Pick<SmoothingParameters, 'sigma' | 'n' | 'alpha'>,
): Certificate => {
  const candidate = selected.indexOf(Math.max(...selected))
  const probabilityLow = clopperPearsonLow(counts[candidate]!, n, alpha)
  const certain = probabilityLow >= 0.5
  return {
    row,
    prediction: certain ? candidate : 'abstain',
    radius: certain ? sigma * normalQuantile(probabilityLow) : 0,
    candidate,
    probabilityLow,
    counts,
  }
}
