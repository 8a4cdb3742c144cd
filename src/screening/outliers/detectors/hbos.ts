import { defineDetector } from '../detector.ts'
import { type Rows, readColumn } from '../rows.ts'

/** Added to every density, so that an empty bin's has a logarithm. */
const regulariser = 0.1
/** A value outside by up to this share of a bin counts as inside. */
const tolerance = 0.5

interface Histogram {
  /** Ends of the bins, ascending: one more than there are bins. */
  readonly edges: Float64Array
  /** log2 of the density in each bin. */
  readonly logs: Float64Array
  /** Of the emptiest bin. */
  readonly least: number
}

/**
 * In thinly settled bins of the columns' histograms: -Σ log2(density + 0.1), bins of equal width. A bin holds its upper
 * end when rows are scored, as in PyOD; outside all bins counts as the emptiest one.
 */
export const hbos = defineDetector({
  id: 'hbos',
  title: "rows in thinly settled bins of the columns' histograms",
  reference: 'Goldstein and Dengel 2012, Histogram-based Outlier Score',
  parameters: {
    bins: { kind: 'integer', default: 10, min: 1, max: 65_536, help: 'bins of equal width a column' },
  },
  least: 1,
  memory: (rows) => 16 * rows,
  async fit(rows, { bins }) {
    const values = new Float32Array(rows.rows)
    const histograms = Array.from({ length: rows.width }, (_, column) =>
      histogramOf(readColumn(rows, column, values), bins),
    )
    return {
      width: rows.width,
      async score(asked) {
        const scores = new Float64Array(asked.rows)
        for (const [column, histogram] of histograms.entries()) subtractLogs(asked, column, histogram, scores)
        return scores
      },
    }
  },
})

const histogramOf = (values: Float32Array, bins: number): Histogram => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  // Of a constant column NumPy makes bins about the value; where half a unit is lost on it, a share of it.
  if (low === high) {
    const half = Math.max(0.5, Math.abs(low) * 2 ** -20)
    ;[low, high] = [low - half, high + half]
  }
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + ((high - low) / bins) * i))
  const counts = new Float64Array(bins)
  const scale = bins / (high - low)
  for (const value of values) {
    // Bins hold their lower end, the last one both; rounding may miss by one bin.
    let bin = Math.min(Math.floor((value - low) * scale), bins - 1)
    if (value < edges[bin]!) bin--
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++
    counts[bin]!++
  }
  const logs = counts.map((count, bin) =>
    Math.log2(count / values.length / (edges[bin + 1]! - edges[bin]!) + regulariser),
  )
  return { edges, logs, least: logs.reduce((least, log) => Math.min(least, log)) }
}

const subtractLogs = (
  { values, rows, width }: Rows,
  column: number,
  { edges, logs, least }: Histogram,
  scores: Float64Array,
): void => {
  const bins = logs.length
  const [low, high] = [edges[0]!, edges[bins]!]
  const scale = bins / (high - low)
  const slack = tolerance * (edges[1]! - low)
  for (let row = 0, at = column; row < rows; row++, at += width) {
    const value = values[at]!
    if (value <= low) scores[row]! -= low - value <= slack ? logs[0]! : least
    else if (value > high) scores[row]! -= value - high <= slack ? logs[bins - 1]! : least
    else {
      // Bins hold their upper end.
      let bin = Math.min(Math.floor((value - low) * scale), bins - 1)
      if (value <= edges[bin]!) bin--
      else if (value > edges[bin + 1]!) bin++
      scores[row]! -= logs[bin]!
    }
  }
}
