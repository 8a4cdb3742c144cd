import { difference, vectorNorm } from '../rows/row-norms.ts'
import { type Climber, returnToBest } from './apgd-climber.ts'
import type { Measure } from './apgd-measure.ts'
import {
  checkpoints,
  reviewSparsity,
  reviewStep,
  type SparsityState,
  type StepState,
  sparseCheckpoints,
  startSparsity,
  startStep,
} from './apgd-schedule.ts'
import { ascendRow } from './apgd-step.ts'

export interface ClimbOptions {
  readonly norm: 'linf' | 'l2' | 'l1'
  readonly steps: number
  /** Share of the steps that must raise the loss for the step size to stay. */
  readonly rho: number
  /** Broken rows stop; else they climb on, since their ball is wider than the budget. */
  readonly stop: boolean
  /** The start is a point of an earlier climb, whose support is kept (L1). */
  readonly continued: boolean
}

/** How the step size of a norm develops: `review` returns whether the row goes on from its best point. */
interface Pace<S extends { step: number }> {
  readonly checkpoints: (steps: number) => readonly number[]
  start(climber: Climber, options: ClimbOptions): S
  count?(state: S, rose: boolean): void
  review(state: S, climber: Climber, gap: number, options: ClimbOptions): boolean
}

const halving: Pace<StepState> = {
  checkpoints,
  start: ({ epsilon, loss }) => startStep(2 * epsilon, loss),
  count: (state, rose) => {
    if (rose) state.increases++
  },
  review: (state, { bestLoss }, gap, { rho }) => reviewStep(state, gap, rho, bestLoss),
}

const support = ({ x0 }: Climber, x: Float32Array): number => vectorNorm('l0', difference(x, x0))

const sparse: Pace<SparsityState> = {
  checkpoints: sparseCheckpoints,
  start: (climber, { continued }) =>
    startSparsity(climber.epsilon, climber.x.length, continued ? support(climber, climber.x) : undefined),
  review: (state, climber) => reviewSparsity(state, support(climber, climber.best), climber.x.length, climber.epsilon),
}

/** Climbs from the climbers' points. Afterwards `x` of a broken row is what breaks it; returns those still unbroken. */
export const climb = (
  climbers: readonly Climber[],
  measure: Measure,
  options: ClimbOptions,
  progress: (done: number) => void,
): Promise<readonly Climber[]> =>
  options.norm === 'l1'
    ? climbAt(sparse, climbers, measure, options, progress)
    : climbAt(halving, climbers, measure, options, progress)

const climbAt = async <S extends { step: number; moved?: number }>(
  pace: Pace<S>,
  climbers: readonly Climber[],
  measure: Measure,
  options: ClimbOptions,
  progress: (done: number) => void,
): Promise<readonly Climber[]> => {
  const left = async (all: readonly Climber[]): Promise<readonly Climber[]> => {
    const unbroken = await measure(all)
    return options.stop ? unbroken : all
  }
  let open = await left(climbers)
  const states = new Map(open.map((climber) => [climber, pace.start(climber, options)]))
  const reviews = pace.checkpoints(options.steps)
  for (let i = 1, last = 0; i <= options.steps && open.length > 0; i++) {
    for (const climber of open) advance(climber, states.get(climber)!, i === 1 ? 1 : 0.75, options.norm)
    open = await left(open)
    for (const climber of open) {
      if (climber.changedLoss) states.set(climber, pace.start(climber, options))
      pace.count?.(states.get(climber)!, climber.rose)
    }
    if (i === reviews.find((at) => at > last)) {
      for (const climber of open)
        if (pace.review(states.get(climber)!, climber, i - last, options)) returnToBest(climber)
      last = i
    }
    progress(i / options.steps)
  }
  return open
}

const advance = (
  climber: Climber,
  { step, moved = 0 }: { step: number; moved?: number },
  fresh: number,
  norm: ClimbOptions['norm'],
): void => {
  const { x, previous, spare, gradient } = climber
  ascendRow[norm](climber, { x, previous, gradient, step, moved, fresh }, spare)
  climber.previous = x
  climber.x = spare
  climber.spare = previous
}
