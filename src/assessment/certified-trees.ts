import type { CertifiedTrees, Config } from '../contract/index.ts'
import { certifyTrees, type RegionNorm } from '../defenses/certification/index.ts'
import { figure, median } from '../stats/index.ts'
import { largestChange, tolerance } from '../threat/norm.ts'
import type { Subject } from './subject.ts'

/** Rows that are certified, from the first. */
const most = 2000

type CertifiedSubject = Pick<Subject, 'model' | 'set' | 'input'>

/**
 * Distances that hold by proof for an ensemble of trees, in each norm of the threat that there is a proof for; none for
 * other models, and for trees that can't be searched. A class is certified, whatever further constraints say: a change
 * that they forbid is one less to fear.
 */
export const certifiedTrees = async (
  { model, set, input }: CertifiedSubject,
  norms: NonNullable<Config['threat']['norms']>,
  progress: (done: number) => void,
): Promise<readonly CertifiedTrees[]> => {
  const found = model.trees?.()
  if (!found?.ok) return []
  const rows = Math.min(most, set.rows)
  const [low, high] = input.range
  const { x, y } = await set.read(0, rows)
  if (!(x instanceof Float32Array) || !y) return []
  const { trees } = found
  return norms.flatMap(({ norm, epsilon }) => {
    if (!isCertified(norm)) return []
    const certificates = certifyTrees(trees, x, { norm, low, high, progress })
    const largest = largestChange(norm, high - low, model.size)
    const radii = certificates.map(({ prediction, radius }, row) =>
      prediction === y[row] ? Math.min(radius, largest) : 0,
    )
    const slack = (budget: number): number =>
      tolerance(norm, budget, model.size, Math.max(Math.abs(low), Math.abs(high)))
    return [
      {
        norm,
        rows,
        median: median(radii),
        exact: certificates.filter(({ isExact }) => isExact).length,
        points: [...epsilon]
          .sort((a, b) => a - b)
          .map((budget) => ({
            epsilon: budget,
            accuracy: figure(
              certificates.filter(
                ({ prediction, radius }, row) => prediction === y[row] && radius > budget + slack(budget),
              ).length,
              rows,
            ),
          })),
      },
    ]
  })
}

const isCertified = (norm: string): norm is RegionNorm => norm === 'linf' || norm === 'l2' || norm === 'l1'
