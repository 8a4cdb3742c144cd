import type { Region } from '../rows/budget.ts'

/** One row on its way up: nothing here depends on another row. */
export interface Climber extends Region {
  /** Its number in the attack's context. */
  readonly row: number
  readonly label: number
  /** The class to reach; the label where any other class will do. */
  readonly aim: number
  /** Which of the goal's ways it takes. */
  readonly way: number
  x: Float32Array
  previous: Float32Array
  /** Where the next point is written. */
  spare: Float32Array
  gradient: Float32Array
  loss: number
  /** Whether the last step raised the loss. */
  rose: boolean
  readonly best: Float32Array
  readonly bestGradient: Float32Array
  bestLoss: number
  /** Climbs the margin, since the attack's own loss gave it no gradient. */
  onMargin: boolean
  /** Went over to the margin at the last measurement. */
  changedLoss: boolean
}

export const startClimber = (
  fixed: Region & Pick<Climber, 'row' | 'label' | 'aim'> & Partial<Pick<Climber, 'way'>>,
  start: Float32Array,
): Climber => ({
  way: 0,
  ...fixed,
  x: start,
  previous: start.slice(),
  spare: new Float32Array(start.length),
  gradient: new Float32Array(0),
  loss: Number.NaN,
  rose: false,
  best: start.slice(),
  bestGradient: new Float32Array(start.length),
  bestLoss: Number.NEGATIVE_INFINITY,
  onMargin: false,
  changedLoss: false,
})

/** Remembers the highest point. */
export const keepBest = (climber: Climber): void => {
  if (!(climber.loss > climber.bestLoss)) return
  climber.best.set(climber.x)
  climber.bestGradient.set(climber.gradient)
  climber.bestLoss = climber.loss
}

/** Goes over to the margin, and forgets what it knew of the other loss. */
export const changeLoss = (climber: Climber): void => {
  climber.onMargin = true
  climber.loss = Number.NaN
  climber.bestLoss = Number.NEGATIVE_INFINITY
}

/** Back to the highest point; the momentum still starts from where the row came from. */
export const returnToBest = (climber: Climber): void => {
  climber.x.set(climber.best)
  climber.gradient = climber.bestGradient
}
