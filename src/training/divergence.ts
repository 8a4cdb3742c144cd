/** How the loss of a run went so far; a value, so that a checkpoint can hold it. */
export interface LossCourse {
  readonly steps: number
  /** Loss of the first step. */
  readonly first: number
  /** Smoothed loss, and the highest it was while the run settled. */
  readonly smoothed: number
  readonly settled: number
}

export const beginning: LossCourse = { steps: 0, first: 0, smoothed: 0, settled: 0 }

/** Share of a new step in the smoothed loss. */
const share = 0.05
/** Steps in which the loss may rise, if not out of all proportion: `hopeless` times the first one. */
const settling = 20
const hopeless = 1000
/** Above so many times its early height the loss has exploded; what random guessing costs is never an explosion. */
const explosion = 3

export const follow = (course: LossCourse, loss: number): LossCourse => {
  const smoothed = course.steps === 0 ? loss : course.smoothed + share * (loss - course.smoothed)
  const settled = course.steps < settling ? Math.max(course.settled, smoothed, loss) : course.settled
  return { steps: course.steps + 1, first: course.steps === 0 ? loss : course.first, smoothed, settled }
}

/**
 * Why a run can't go on, in words; undefined while it can. `course` includes the step that `loss` is of. `guessing`: the
 * loss of a network that knows nothing.
 */
export const divergence = (
  { steps, first, smoothed, settled }: LossCourse,
  { loss, gradientNorm, guessing }: { readonly loss: number; readonly gradientNorm: number; readonly guessing: number },
): string | undefined => {
  if (!Number.isFinite(loss)) return `the loss became ${loss}`
  if (!Number.isFinite(gradientNorm)) return `the gradient became ${gradientNorm}`
  if (loss > hopeless * Math.max(first, guessing))
    return `the loss rose to ${loss.toPrecision(3)}, from ${first.toPrecision(3)} in the first step`
  const limit = explosion * Math.max(settled, guessing)
  if (steps > settling && smoothed > limit)
    return `the loss rose to ${smoothed.toPrecision(3)}, from at most ${settled.toPrecision(3)} in the first ${settling} steps`
  return undefined
}
