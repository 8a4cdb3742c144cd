import { BartizanError } from '../../../base/errors.ts'

export interface ClimbOptions {
  /** Most iterations. */
  readonly iterations: number
  /** Stops where an iteration gains less than this. */
  readonly tolerance: number
}

export interface Climb {
  readonly iterations: number
  readonly objective: readonly number[]
  readonly converged: boolean
}

/**
 * Repeats `step`, which improves the parameters and returns the objective. EM never lowers it (Dempster, Laird and Rubin
 * 1977): a fall beyond rounding is a defect, and is thrown as INTERNAL.
 */
export const climb = (name: string, { iterations, tolerance }: ClimbOptions, step: () => number): Climb => {
  const objective: number[] = []
  while (objective.length < iterations) {
    const value = step()
    const before = objective.at(-1)
    if (Number.isNaN(value) || (before !== undefined && value < before - 1e-9 * (1 + Math.abs(before))))
      throw new BartizanError('INTERNAL', `${name}: the objective went from ${before} to ${value}`)
    objective.push(value)
    if (before !== undefined && value - before < tolerance)
      return { iterations: objective.length, objective, converged: true }
  }
  return { iterations: objective.length, objective, converged: false }
}
