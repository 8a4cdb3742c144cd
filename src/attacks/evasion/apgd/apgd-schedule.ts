/**
 * When APGD looks back, and what it does then (Croce and Hein 2020, arXiv:2003.01690, section 3.2; for L1 the
 * sparsity schedule of arXiv:2103.01208). All of it concerns one row only.
 */

const share = (of: number, steps: number): number => Math.max(Math.trunc(of * steps), 1)

/** Steps after which the step size is reviewed: first 22 % of all, then gaps that shrink by 3 % down to 6 %. */
export const checkpoints = (steps: number): readonly number[] => {
  const [first, shrink, least] = [share(0.22, steps), share(0.03, steps), share(0.06, steps)]
  const result: number[] = []
  for (let at = first, gap = first; at <= steps; at += gap) {
    result.push(at)
    gap = Math.max(gap - shrink, least)
  }
  return result
}

/** In L1 every 4 % of the steps. */
export const sparseCheckpoints = (steps: number): readonly number[] => {
  const gap = share(0.04, steps)
  return Array.from({ length: Math.floor(steps / gap) }, (_, i) => (i + 1) * gap)
}

/** Step size of one row, and what is remembered between two reviews. */
export interface StepState {
  /** In input units. */
  step: number
  /** Steps since the last review that raised the loss above that of the step before. */
  increases: number
  halved: boolean
  bestAtReview: number
}

export const startStep = (step: number, loss: number): StepState => ({
  step,
  increases: 0,
  halved: true,
  bestAtReview: loss,
})

/**
 * Halves the step where fewer than `rho` of the last `gap` steps raised the loss, or where the best loss hasn't moved
 * since a review that didn't halve. Returns whether it did: the row then goes on from its best point.
 */
export const reviewStep = (state: StepState, gap: number, rho: number, best: number): boolean => {
  const halve = state.increases <= gap * rho || (!state.halved && state.bestAtReview >= best)
  if (halve) state.step /= 2
  state.increases = 0
  state.halved = halve
  state.bestAtReview = best
  return halve
}

/** Step size and sparsity of one row in L1. */
export interface SparsityState {
  step: number
  /** Share of the coordinates that a step moves. */
  moved: number
  /** Coordinates in which the best point differed from the clean row at the last review. */
  support: number
}

/** Steps shrink by this much, down to a tenth of the budget. */
const shrinkBy = 1.5

/** Two coordinates shrink to one, which a step that moves ceil(2 / 1.5) of them would never allow. */
const movedOf = (support: number, size: number): number => (support === 2 ? 1 : support / shrinkBy) / size

export const startSparsity = (epsilon: number, size: number, support?: number): SparsityState => ({
  step: epsilon,
  moved: support === undefined ? 0.2 : movedOf(support, size),
  support: support ?? size,
})

/** Returns whether the support shrank by 5 %: then the row goes on from its best point, with full steps. */
export const reviewSparsity = (state: SparsityState, support: number, size: number, epsilon: number): boolean => {
  const sparser = support / state.support < 0.95
  state.moved = movedOf(support, size)
  state.step = sparser ? epsilon : Math.max(state.step / shrinkBy, epsilon / 10)
  state.support = support
  return sparser
}
