import type { Walk, WalkStart } from './label-walks.ts'
import { makeAcross, unitWay } from './ways.ts'

export interface BoundaryKnobs {
  /** First length of the step along the sphere, and of the step towards the clean row, as shares of the distance. */
  readonly sphericalStep: number
  readonly sourceStep: number
  /** By what factor steps grow and shrink. */
  readonly adaptation: number
  /** Once in so many steps, the step along the sphere alone is asked about. */
  readonly every: number
}

/** Steps towards the row that are shorter than this share of the distance are no progress any more. */
const converged = 1e-7

/**
 * A random walk on the adversarial side (section 2.3 of the paper): a step of random direction on the sphere around the
 * clean row, then one towards the row. Both lengths follow what the row's own steps meet: half of the steps along the
 * sphere are to stay adversarial, as in the paper, and a quarter of the whole steps.
 */
export function* boundaryWalk({ clean, point, low, high, random }: WalkStart, knobs: BoundaryKnobs): Walk {
  const { adaptation, every } = knobs
  const size = clean.length
  const numbers = random('steps')
  const way = new Float32Array(size)
  const across = new Float32Array(size)
  const place = new Float32Array(size)
  let distance = 0
  let along = knobs.sphericalStep
  let towards = knobs.sourceStep
  /** The step along the sphere, then `share` of the way to the row. */
  const at = (share: number): Float32Array => {
    const straight = ((1 - share) * distance) / Math.sqrt(1 + along * along)
    for (let j = 0; j < size; j++)
      place[j] = Math.min(Math.max(clean[j]! + straight * (way[j]! + along * across[j]!), low), high)
    return place
  }
  for (let step = 1; towards > converged; step++) {
    distance = unitWay(way, point, clean)
    if (!(distance > 0)) return
    numbers.fillNormals(across)
    if (!makeAcross(across, way)) across.fill(0)
    if (step % every === 0) {
      const stays = yield at(0)
      along = stays ? Math.min(along * adaptation, 1) : along / adaptation
      if (!stays) continue
    }
    if (yield at(towards)) {
      point.set(place)
      towards = Math.min(towards * adaptation ** 3, 0.5)
    } else towards /= adaptation
  }
}
