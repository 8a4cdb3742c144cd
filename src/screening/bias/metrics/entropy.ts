import type { Figure } from '../../../contract/index.ts'
import type { Counts } from '../groups/counts.ts'
import { multinomialFigure } from './multinomial.ts'

/** How many rows have which benefit. */
interface Benefits {
  readonly benefit: number
  readonly share: number
}

/**
 * Generalised entropy index of benefits b with mean m (Speicher et al. 2018, arXiv:1807.00787):
 * mean((b/m)^alpha - 1) / (alpha (alpha - 1)); for alpha 1, Theil's index, mean(b/m ln(b/m)), 0 ln 0 being 0; for
 * alpha 0, -mean(ln(b/m)), infinite where a benefit is 0.
 */
export const generalizedEntropy = (benefits: readonly Benefits[], alpha: number): number => {
  const total = benefits.reduce((sum, { share }) => sum + share, 0)
  const mean = benefits.reduce((sum, { benefit, share }) => sum + benefit * share, 0) / total
  const average = (of: (ratio: number) => number): number =>
    benefits.reduce((sum, { benefit, share }) => (share === 0 ? sum : sum + share * of(benefit / mean)), 0) / total
  if (alpha === 1) return average((ratio) => (ratio === 0 ? 0 : ratio * Math.log(ratio)))
  if (alpha === 0) return average((ratio) => -Math.log(ratio))
  return average((ratio) => ratio ** alpha - 1) / (alpha * (alpha - 1))
}

const right = ({ truePositives, trueNegatives }: Counts): number => truePositives + trueNegatives

const outcomes = (counts: Counts): readonly number[] => [counts.falseNegatives, right(counts), counts.falsePositives]

/** No benefit at all (every row a missed positive) has no distribution to speak of. */
const hasBenefit = (counts: Counts): boolean => right(counts) + counts.falsePositives > 0

const atLeastZero = (figure: Figure): Figure => ({ ...figure, low: Math.max(0, figure.low) })

/** Of the benefit prediction - label + 1: 0 for a missed positive, 1 for a right row, 2 for a false positive. */
export const entropyFigure = (counts: Counts, alpha: 1 | 2): Figure | undefined =>
  hasBenefit(counts)
    ? atLeastZero(
        multinomialFigure(outcomes(counts), (shares) =>
          generalizedEntropy(
            shares.map((share, benefit) => ({ benefit, share })),
            alpha,
          ),
        ),
      )
    : undefined

/** The part of the index (alpha 2) that lies between the groups: each person has the mean benefit of their group. */
export const betweenGroupEntropyFigure = (groups: readonly Counts[]): Figure | undefined => {
  const shown = groups.filter((counts) => outcomes(counts).some((count) => count > 0))
  if (shown.length < 2 || !shown.some(hasBenefit)) return undefined
  return atLeastZero(
    multinomialFigure(shown.flatMap(outcomes), (shares) => {
      const means = shown.map((_, i) => {
        const [missed = 0, fine = 0, extra = 0] = shares.slice(3 * i, 3 * i + 3)
        const share = missed + fine + extra
        return { benefit: (fine + 2 * extra) / share, share }
      })
      return generalizedEntropy(means, 2)
    }),
  )
}
