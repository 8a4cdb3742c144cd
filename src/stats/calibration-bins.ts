/** How sure the model was of each row's most likely class, and whether it was right. */
export interface Confidences {
  readonly confidence: Float64Array
  readonly right: Uint8Array
}

/** Rows of similar confidence. */
export interface ConfidenceBin {
  /** Confidences of the bin's rows lie in [low, high]. */
  readonly low: number
  readonly high: number
  readonly rows: readonly number[]
  /** Mean confidence. */
  readonly confidence: number
  /** Rows that the model was right about. */
  readonly right: number
}

/** Confidence of each row: the probability of its most likely class, the first of equals. */
export const confidencesOf = (
  logProbabilities: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
): Confidences => {
  const confidence = new Float64Array(labels.length)
  const right = new Uint8Array(labels.length)
  for (let row = 0; row < labels.length; row++) {
    let best = 0
    for (let c = 1; c < classes; c++)
      if (logProbabilities[row * classes + c] > logProbabilities[row * classes + best]) best = c
    confidence[row] = Math.exp(logProbabilities[row * classes + best])
    right[row] = Number(best === labels[row])
  }
  return { confidence, right }
}

/** Bins ((m - 1) / bins, m / bins] of [0, 1] that hold rows, in order (Guo et al. 2017, arXiv:1706.04599). */
export const equalWidthBins = (rows: Confidences, bins: number): readonly ConfidenceBin[] =>
  binsBy(rows, (confidence) => Math.max(0, Math.ceil(confidence * bins) - 1)).map(([m, bin]) => ({
    ...bin,
    low: m / bins,
    high: (m + 1) / bins,
  }))

/**
 * Bins of as equal a number of rows as equal confidences allow: those stay together, so that the order of the rows
 * doesn't matter (adaptive calibration error, Nixon et al. 2019, arXiv:1904.01685).
 */
export const equalMassBins = (rows: Confidences, bins: number): readonly ConfidenceBin[] => {
  const n = rows.confidence.length
  const rank = new Map<number, number>()
  for (const [position, confidence] of rows.confidence.toSorted().entries())
    if (!rank.has(confidence)) rank.set(confidence, position)
  return binsBy(rows, (confidence) => Math.floor((rank.get(confidence)! * bins) / n)).map(([, bin]) => bin)
}

const binsBy = (
  { confidence, right }: Confidences,
  binOf: (confidence: number) => number,
): readonly (readonly [number, ConfidenceBin])[] => {
  const members = new Map<number, number[]>()
  for (const [row, value] of confidence.entries()) {
    const m = binOf(value)
    const list = members.get(m)
    if (list) list.push(row)
    else members.set(m, [row])
  }
  return [...members]
    .sort(([a], [b]) => a - b)
    .map(([m, rows]) => {
      let [sum, count, low, high] = [0, 0, 1, 0]
      for (const row of rows) {
        sum += confidence[row]
        count += right[row]
        low = Math.min(low, confidence[row])
        high = Math.max(high, confidence[row])
      }
      return [m, { low, high, rows, confidence: sum / rows.length, right: count }]
    })
}
