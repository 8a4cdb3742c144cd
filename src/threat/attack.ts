import type { Random, RandomKey } from '../base/random.ts'
import type { TaskKind } from '../contract/task.ts'
import type { Classifier } from '../models/classifier.ts'
import type { Access } from './access.ts'
import type { Constraints } from './constraints/constraints.ts'
import type { Domain } from './domain.ts'
import type { Goal } from './goal/goal.ts'
import type { Measure, Norm } from './norm.ts'
import type { AnyParameters, ParameterSpecs, Parameters } from './parameters.ts'
import type { Target } from './target.ts'

export interface AttackContext<M extends Measure = Norm> {
  readonly target: Target
  /** Clean rows, row-major; don't write to it. */
  readonly x0: Float32Array
  readonly rows: number
  /** Values of one row. */
  readonly size: number
  /** When a row is broken, and the loss that breaks it: attacks that ask it work on models of any task. */
  readonly goal: Goal
  /** Class of each row; zeros where the model is no classifier. */
  readonly labels: Int32Array
  /** Classes to reach, one a row; undefined for an attack that only has to leave the label. */
  readonly targets: Int32Array | undefined
  readonly norm: M
  /** The budget, in input units; in the unit of what measures the change, where that is no norm. */
  readonly epsilon: number
  /** Lowest and highest value an input may take. */
  readonly low: number
  readonly high: number
  /** Numbers of one row: a function of the seed, the attack, the row and `key` only. */
  random(row: number, ...key: RandomKey[]): Random
  /** What candidates must keep to besides range and budget; the runner brings them into it and checks. */
  readonly constraints?: Constraints
  /** Models of the attacker's own. */
  readonly surrogates?: readonly Classifier[]
  /** What the attack's `fit` made of other rows, where it has one. */
  readonly fitted?: Float32Array
  /** Called as the work proceeds, with the share that is done. */
  progress(done: number): void
}

/** How a picture is moved: a rotation about its middle, then a shift. */
export interface Move {
  /** Degrees, anticlockwise. */
  readonly degrees: number
  /** Pixels to the right and down. */
  readonly right: number
  readonly down: number
}

/** Candidates with what the attack knows of them; arrays have one value a row. */
export interface Candidates {
  /** One candidate a row, row-major. */
  readonly x: Float32Array
  /** How large the change is, for attacks that no norm measures. */
  readonly sizes?: Float64Array
  /** How each picture was moved, for attacks that move it; undefined where it was left alone. */
  readonly moves?: readonly (Move | undefined)[]
  /** What the row had cost in queries when it was first broken within the budget; 0 where it never was. */
  readonly queries?: Int32Array
}

/**
 * An attack only proposes: it returns one candidate a row, row-major. The runner validates, clips, projects nothing,
 * counts queries, re-predicts and judges. Rows must not influence one another. A row that it couldn't attack keeps its
 * clean values.
 */
export interface Attack<S extends ParameterSpecs = ParameterSpecs, M extends Measure = Norm> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  readonly access: Access
  /** Default: any. */
  readonly domain?: Domain
  readonly norms: readonly M[]
  /** What models it works on, by what they predict. Default: classifiers. */
  readonly tasks?: readonly TaskKind[]
  /** True where the attack looks for the smallest perturbation, whatever the budget. */
  readonly minimal?: boolean
  /** True where the attack works on models of the attacker's own. */
  readonly transfers?: boolean
  readonly parameters: S
  /** What `fit` makes: a change that is added to every row, or a square that is laid on it. */
  readonly makes?: 'perturbation' | 'patch'
  /**
   * Makes once, from some rows of a set, what is then applied to every row (a universal perturbation, a patch): rows
   * that are classified right. Here rows do influence one another. Default: nothing.
   */
  fit?(context: AttackContext<M>, parameters: Parameters<S>): Promise<Float32Array>
  run(context: AttackContext<M>, parameters: Parameters<S>): Promise<Float32Array | Candidates>
}

/** An attack with its parameter types erased: what registries and runners hold. */
export type AnyAttack = Omit<Attack, 'run' | 'fit' | 'norms'> & {
  readonly norms: readonly Measure[]
  fit?(context: AttackContext<Measure>, parameters: AnyParameters): Promise<Float32Array>
  run(context: AttackContext<Measure>, parameters: AnyParameters): Promise<Candidates>
}

/** Types `run` by its own parameters and measures, and checks none: `resolveParameters` and the runner have. */
export const defineAttack = <const S extends ParameterSpecs, const M extends Measure>(
  attack: Attack<S, M>,
): AnyAttack => {
  const { fit } = attack
  return {
    ...attack,
    ...(fit && {
      fit: (context: AttackContext<Measure>, parameters: AnyParameters) =>
        fit(context as AttackContext<M>, parameters as Parameters<S>),
    }),
    run: async (context, parameters) => {
      const found = await attack.run(context as AttackContext<M>, parameters as Parameters<S>)
      return found instanceof Float32Array ? { x: found } : found
    },
  }
}
