import type { Random, RandomKey } from '../base/random.ts'
import type { Access } from './access.ts'
import type { Norm } from './norm.ts'
import type { AnyParameters, ParameterSpecs, Parameters } from './parameters.ts'
import type { Target } from './target.ts'

export interface AttackContext {
  readonly target: Target
  /** Clean rows, row-major; don't write to it. */
  readonly x0: Float32Array
  readonly rows: number
  /** Values of one row. */
  readonly size: number
  readonly labels: Int32Array
  /** Classes to reach, one a row; undefined for an attack that only has to leave the label. */
  readonly targets: Int32Array | undefined
  readonly norm: Norm
  /** The budget, in input units. */
  readonly epsilon: number
  /** Lowest and highest value an input may take. */
  readonly low: number
  readonly high: number
  /** Numbers of one row: a function of the seed, the attack, the row and `key` only. */
  random(row: number, ...key: RandomKey[]): Random
  /** Called as the work proceeds, with the share that is done. */
  progress(done: number): void
}

/**
 * An attack only proposes: it returns one candidate a row, row-major. The runner validates, clips, projects nothing,
 * counts queries, re-predicts and judges. Rows must not influence one another. A row that it couldn't attack keeps its
 * clean values.
 */
export interface Attack<S extends ParameterSpecs = ParameterSpecs> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  readonly access: Access
  readonly norms: readonly Norm[]
  /** True where the attack looks for the smallest perturbation, whatever the budget. */
  readonly minimal?: boolean
  readonly parameters: S
  run(context: AttackContext, parameters: Parameters<S>): Promise<Float32Array>
}

/** An attack with its parameter types erased: what registries and runners hold. */
export type AnyAttack = Omit<Attack, 'run'> & {
  run(context: AttackContext, parameters: AnyParameters): Promise<Float32Array>
}

/** Types `run` by its own parameters, and checks none: `resolveParameters` has. */
export const defineAttack = <const S extends ParameterSpecs>(attack: Attack<S>): AnyAttack => ({
  ...attack,
  run: (context, parameters) => attack.run(context, parameters as Parameters<S>),
})
