import { regularizedIncompleteBeta } from './incomplete-beta.ts'

/** P(B <= k) for B ~ Binomial(n, p) (DLMF 8.17.5). */
export const binomialCdf = (k: number, n: number, p: number): number => {
  if (k < 0) return 0
  if (k >= n) return 1
  return regularizedIncompleteBeta(1 - p, n - k, k + 1)
}
