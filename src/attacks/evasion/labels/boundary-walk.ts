import type { Walk, WalkStart } from './label-walks.ts'
import { type Across, acrossWay, lengthOf, stepTo } from './ways.ts'

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
 * clean row, then one towards the row. Where it fails, the opposite direction is next. Both lengths follow what the
 * row's own steps meet: half of the steps along the sphere are to stay adversarial, as in the paper, and a quarter of
 * the whole steps.
 */
export function* boundaryWalk(start: WalkStart, knobs: BoundaryKnobs): Walk {
  const { clean, point, place, random } = start
  const { adaptation, every } = knobs
  const numbers = random('directions')
  const direction = new Float32Array(clean.length)
  const plane = { clean, point, direction }
  let distance = lengthOf(point, clean)
  let across: Across = { along: 0, scale: 0 }
  let along = knobs.sphericalStep
  let towards = knobs.sourceStep
  /** The step along the sphere, then `share` of the way to the row. */
  const step = (share: number): void => {
    const straight = ((1 - share) * distance) / Math.sqrt(1 + along * along)
    stepTo(plane, across, distance, { straight, aside: straight * along }, start, place)
  }
  let isOpposite = false
  for (let number = 1; towards > converged && distance > 0; number++) {
    if (isOpposite) across = { along: across.along, scale: -across.scale }
    else {
      numbers.fillNormals(direction)
      across = acrossWay(plane, distance)
    }
    isOpposite = !isOpposite
    if (number % every === 0) {
      step(0)
      const stays = yield
      along = stays ? Math.min(along * adaptation, 1) : along / adaptation
      if (!stays) continue
    }
    step(towards)
    if (yield) {
      point.set(place)
      distance = lengthOf(point, clean)
      isOpposite = false
      towards = Math.min(towards * adaptation ** 3, 0.5)
    } else towards /= adaptation
  }
}
