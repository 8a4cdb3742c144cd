import { BartizanError } from '../../base/errors.ts'
import type { Figure } from '../../contract/index.ts'
import { figure } from '../../stats/index.ts'
import type { Certificate } from './certify.ts'

export interface CertifiedPoint {
  /** L2, in input units. */
  readonly radius: number
  /** Share of the rows whose prediction is right and certified at this radius or a larger one. */
  readonly accuracy: Figure
}

/**
 * The certified accuracy at each radius, with Wilson's 95 % interval over the rows; a row that abstains is right
 * nowhere. Each certificate may be wrong with probability alpha, which the interval doesn't cover. Labels are in the
 * order of the certificates. Throws DATA_SHAPE_MISMATCH where they are not as many, USAGE for a negative radius.
 */
export const certifiedCurve = (
  certificates: readonly Pick<Certificate, 'prediction' | 'radius'>[],
  labels: ArrayLike<number>,
  radii: readonly number[],
): readonly CertifiedPoint[] => {
  if (labels.length !== certificates.length || labels.length === 0)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${certificates.length} certificates and ${labels.length} labels`, {
      hint: 'one label for each certificate, in the same order',
    })
  return radii.map((radius) => {
    if (!(radius >= 0)) throw new BartizanError('USAGE', `the radius is ${radius}; it can't be negative`)
    const right = certificates.filter((row, i) => row.prediction === labels[i] && row.radius >= radius)
    return { radius, accuracy: figure(right.length, labels.length) }
  })
}
