import type { Walk, WalkStart } from './label-walks.ts'

export interface BoundaryKnobs {
  /** First length of the step along the sphere, and of the step towards the clean row, as shares of the distance. */
  readonly sphericalStep: number
  readonly sourceStep: number
  /** By what factor steps grow and shrink. */
  readonly adaptation: number
  /** A question about the step along the sphere alone is asked once in so many steps. */
  readonly every: number
}

/** Shorter steps towards the row than this share of the distance are no progress any more. */
const converged = 1e-7

/**
 * A random walk on the adversarial side (section 2.3 of the paper): a step of random direction on the sphere around the
 * clean row, then one towards the row. Both lengths adapt to what the row's own steps meet: half of the steps along the
 * sphere are to stay adversarial, as the paper asks, and a quarter of the whole steps.
 */
export function* boundaryWalk({ clean, point, low, high, random }: WalkStart, knobs: BoundaryKnobs): Walk {
  const { adaptation, every } = knobs
  const size = clean.length
  const numbers = random('steps')
  const sphere = new Float32Array(size)
  const nearer = new Float32Array(size)
  let along = knobs.sphericalStep
  let towards = knobs.sourceStep
  for (let step = 0; towards > converged; step++) {
    numbers.fillNormals(sphere)
    if (!turn(sphere, point, clean, along)) return
    for (let j = 0; j < size; j++) {
      const way = sphere[j]!
      nearer[j] = Math.min(Math.max(clean[j]! + (1 - towards) * way, low), high)
      sphere[j] = Math.min(Math.max(clean[j]! + way, low), high)
    }
    if (step % every === 0) {
      const stays = yield sphere
      along = stays ? Math.min(along * adaptation, 1) : along / adaptation
      if (!stays) continue
    }
    if (yield nearer) {
      point.set(nearer)
      towards = Math.min(towards * adaptation ** 3, 0.5)
    } else towards /= adaptation
  }
}

/**
 * Turns the way from the clean row to the point by the angle whose tangent is `along`, towards the random numbers in
 * `into`, which become that way. False where there is no way to turn.
 */
const turn = (into: Float32Array, point: Float32Array, clean: Float32Array, along: number): boolean => {
  let squares = 0
  let product = 0
  for (let j = 0; j < into.length; j++) {
    const way = point[j]! - clean[j]!
    squares += way * way
    product += way * into[j]!
  }
  if (!(squares > 0)) return false
  let across = 0
  for (let j = 0; j < into.length; j++) {
    const value = into[j]! - (product / squares) * (point[j]! - clean[j]!)
    into[j] = value
    across += value * value
  }
  if (!(across > 0)) return false
  const shrink = 1 / Math.sqrt(1 + along * along)
  const length = along * Math.sqrt(squares / across)
  for (let j = 0; j < into.length; j++) into[j] = shrink * (point[j]! - clean[j]! + length * into[j]!)
  return true
}
