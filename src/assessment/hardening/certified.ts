import type { Certified } from '../../contract/index.ts'
import { type Certificate, certifiedCurve, certify, type SmoothingParameters } from '../../defenses/smoothing/index.ts'
import { figure } from '../../stats/index.ts'
import type { MeasureRequest } from './measure-request.ts'

/** What is certified costs thousands of runs a row. */
const most = { rows: 100, n: 10_000 } as const

/**
 * Certified accuracy of the smoothed classifier that a model makes with these parameters, on the first rows that are
 * attacked. At the budgets where they are L2, else at multiples of sigma.
 */
export const measureCertified = async (
  { model, attacked, input, norm, epsilons, seed, progress }: Omit<MeasureRequest, 'store'>,
  smoothing: SmoothingParameters,
): Promise<Certified> => {
  const { sigma, n0, alpha } = smoothing
  const n = Math.min(smoothing.n, most.n)
  const rows = Math.min(attacked.rows, most.rows)
  const radii = norm === 'l2' && epsilons.length > 0 ? epsilons : [0.5, 1, 1.5, 2].map((times) => times * sigma)
  progress.start('certificates')
  const [low, high] = input.range
  const options = { sigma, n0, n, alpha, seed, low, high, rows: { from: 0, to: rows }, progress: progress.update }
  const certificates: Certificate[] = []
  for await (const certificate of certify(model, attacked, options)) certificates.push(certificate)
  const { y } = await attacked.read(0, rows)
  const points = certifiedCurve(certificates, y!, [0, ...[...radii].sort((a, b) => a - b)])
  const abstained = certificates.filter(({ prediction }) => prediction === 'abstain').length
  progress.end(`accuracy ${(100 * points[0]!.accuracy.value).toFixed(1)} % by votes`)
  return { sigma, n, alpha, abstained: figure(abstained, rows), points }
}
