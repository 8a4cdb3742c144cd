/**
 * Edges that divide ascending values into `bins` parts of about equal count; fewer where values are tied. A bin holds
 * what is above its lower edge and up to its upper edge; the first and the last are open.
 */
export const quantileEdges = (sorted: ArrayLike<number>, bins: number): readonly number[] => {
  const edges = Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.max(0, Math.ceil(((i + 1) * sorted.length) / bins) - 1)],
  )
  return edges.filter((edge, i) => edge < sorted[sorted.length - 1] && edge !== edges[i - 1])
}

/** How many of the ascending values lie in each bin of `edges`. */
export const binCounts = (sorted: ArrayLike<number>, edges: readonly number[]): readonly number[] => {
  const counts: number[] = []
  let at = 0
  for (const edge of [...edges, Number.POSITIVE_INFINITY]) {
    const start = at
    while (at < sorted.length && sorted[at] <= edge) at++
    counts.push(at - start)
  }
  return counts
}

/**
 * Population stability index, the sum over bins of (q - p) ln(q / p), in nats. Half a count is added to each bin, so that
 * an empty one stays finite: p = (count + 0.5) / (n + 0.5 bins).
 */
export const populationStability = (reference: readonly number[], current: readonly number[]): number => {
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0) + 0.5 * counts.length
    return counts.map((count) => (count + 0.5) / total)
  }
  const p = shares(reference)
  const q = shares(current)
  return p.reduce((sum, share, i) => sum + (q[i] - share) * Math.log(q[i] / share), 0)
}
