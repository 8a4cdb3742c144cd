import { countBelow } from '../sorted-search.ts'

/** What scores of clean rows are like, as far out as none was seen. */
export interface ScoreNull {
  /** Probability that a clean row scores at least so much. */
  survival(score: number): number
  /** Of the largest among `rows` clean scores: its quantile. */
  largestQuantile(rows: number, q: number): number
  /** Probability that the largest among `rows` clean scores is at least so much. */
  largestSurvival(rows: number, score: number): number
}

/** What lies beyond this quantile is only counted: outliers may be among it. */
const upTo = 0.9
/**
 * The tail's law is learned from this share of the scores just below: as much as makes `enough` points, since the law
 * holds the better the further out it begins.
 */
const widest = 0.2
const narrowest = 0.05
const enough = 200
/** Of more points, every so-many-th is taken. */
const mostPoints = 500

/** Shapes and relative scales (logarithms) that are weighed. */
const shapes = Float64Array.from({ length: 37 }, (_, i) => -0.8 + 0.05 * i)
const scales = Float64Array.from({ length: 61 }, (_, i) => -2.4 + 0.08 * i)
/** Before any score is seen: the shape is normal about 0 (an exponential tail) with this deviation. */
const shapeDeviation = 0.3

interface Member {
  readonly shape: number
  readonly scale: number
  readonly weight: number
}

/**
 * A null from the scores themselves, which may hold outliers: generalised Pareto exceedances over the 70 % quantile (of
 * many rows, the 85 % quantile; Pickands 1975), those over the 90 % quantile censored there, so that up to one row in
 * ten may be an outlier, however extreme, without moving it far; averaged over what shape and scale may be (posterior
 * weights on a grid), so that few rows give a wide null. Below the 90 % quantile, the ranks. Undefined where the scores between the two don't vary:
 * there is no law to learn. `sorted`: ascending.
 */
export const tailNull = (sorted: Float64Array): ScoreNull | undefined => {
  const n = sorted.length
  const start = Math.floor((upTo - Math.max(narrowest, Math.min(widest, enough / n))) * n)
  const end = Math.floor(upTo * n)
  const threshold = sorted[start]!
  const ceiling = sorted[end]!
  if (!(ceiling > threshold)) return undefined
  const members = weighed(sorted, { start, end })
  const share = (n - start) / n
  const tail = (score: number): number => {
    const above = score - threshold
    return share * members.reduce((sum, { shape, scale, weight }) => sum + weight * beyond(above, shape, scale), 0)
  }
  const survival = (score: number): number => {
    const atLeast = n - countBelow(sorted, score, 0, false)
    const byRank = (1 + atLeast) / (n + 1)
    return score <= ceiling ? byRank : Math.min(tail(score), (1 + n - end) / (n + 1))
  }
  const largestSurvival = (rows: number, score: number): number =>
    score <= threshold
      ? 1 - (1 - survival(score)) ** rows
      : members.reduce((sum, { shape, scale, weight }) => {
          const p = share * beyond(score - threshold, shape, scale)
          return sum - weight * Math.expm1(rows * Math.log1p(-p))
        }, 0)
  return {
    survival,
    largestSurvival,
    largestQuantile(rows, q) {
      let [low, high] = [threshold, ceiling]
      while (largestSurvival(rows, high) > 1 - q && high - threshold < 1e12 * (ceiling - threshold))
        high = threshold + 2 * (high - threshold)
      for (let step = 0; step < 60; step++) {
        const middle = (low + high) / 2
        if (largestSurvival(rows, middle) > 1 - q) low = middle
        else high = middle
      }
      return (low + high) / 2
    },
  }
}

/** The probability that a generalised Pareto variable exceeds `above`. */
const beyond = (above: number, shape: number, scale: number): number => {
  if (Math.abs(shape) < 1e-9) return Math.exp(-above / scale)
  const base = 1 + (shape * above) / scale
  return base <= 0 ? 0 : base ** (-1 / shape)
}

/** Laws that are not out of the question, with their posterior weights. */
const weighed = (sorted: Float64Array, { start, end }: { readonly start: number; readonly end: number }): Member[] => {
  const threshold = sorted[start]!
  const every = Math.max(1, Math.ceil((end - start) / mostPoints))
  const above: number[] = []
  for (let i = start; i < end; i += every) above.push(sorted[i]! - threshold)
  const censored = (sorted.length - end) / every
  const limit = sorted[end]! - threshold
  const members: Member[] = []
  for (const shape of shapes)
    for (const relative of scales) {
      const scale = limit * Math.exp(relative)
      const logPrior = -0.5 * (shape / shapeDeviation) ** 2
      let sum = logPrior + censored * logBeyond(limit, shape, scale)
      for (const value of above) sum += (1 + shape) * logBeyond(value, shape, scale) - Math.log(scale)
      members.push({ shape, scale, weight: sum })
    }
  const most = members.reduce((best, { weight }) => Math.max(best, weight), Number.NEGATIVE_INFINITY)
  const likely = members
    .map((member) => ({ ...member, weight: Math.exp(member.weight - most) }))
    .filter(({ weight }) => weight > 1e-6)
  const total = likely.reduce((sum, { weight }) => sum + weight, 0)
  return likely.map((member) => ({ ...member, weight: member.weight / total }))
}

/** The density's logarithm is (1 + shape) times this, less the scale's. */
const logBeyond = (above: number, shape: number, scale: number): number => {
  if (Math.abs(shape) < 1e-9) return -above / scale
  const base = 1 + (shape * above) / scale
  return base <= 0 ? Number.NEGATIVE_INFINITY : -Math.log(base) / shape
}
