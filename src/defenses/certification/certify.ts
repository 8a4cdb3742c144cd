import type { TreeModel } from '../../models/trees/index.ts'
import { certifyRow, type RowCertificate } from './certify-row.ts'
import type { RegionNorm } from './distance.ts'
import { regionSpace } from './region-space.ts'

export interface CertifyOptions {
  readonly norm: RegionNorm
  /** Lowest and highest value that an input may take. */
  readonly low: number
  readonly high: number
  /** Most regions that one question about one row looks into before its bound answers; default 1,000, in L2 and L1 300. */
  readonly limit?: number
  progress?(done: number): void
}

/**
 * For each row the distance up to which the class of an ensemble of trees can't change: exact by branch and bound over
 * the trees' regions (Kantchelian, Tygar and Joseph 2016, arXiv:1509.07892, ask the same of a mixed-integer solver), with
 * the bounds of merged cliques (Chen et al. 2019, arXiv:1906.03849); those alone where it would take too long. Throws
 * ATTACK_NOT_APPLICABLE for ensembles that are no sums of votes, or have too many regions.
 */
export const certifyTrees = (
  trees: TreeModel,
  x: Float32Array,
  { norm, low, high, limit = norm === 'linf' ? 1000 : 300, progress = () => {} }: CertifyOptions,
): readonly RowCertificate[] => {
  const { size } = trees
  const space = regionSpace(trees.boxes(low, high), trees.classVotes(), { features: size, low, high })
  return Array.from(trees.predict(x), (prediction, at) => {
    const row = Float64Array.from(x.subarray(at * size, (at + 1) * size))
    progress(at / (x.length / size))
    // What is missing has no distance to anything.
    if (row.some(Number.isNaN)) return { prediction, radius: 0, isExact: false }
    const changes = (point: Float64Array): boolean => trees.predict(Float32Array.from(point))[0] !== prediction
    return certifyRow({ space, row, norm, limit, changes }, prediction)
  })
}
