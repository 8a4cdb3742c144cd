import type { Random, RandomKey } from '../base/random.ts'
import type { Classifier } from '../models/classifier.ts'
import type { Constraints } from './constraints/constraints.ts'
import type { Domain } from './domain.ts'
import type { AnyParameters, ParameterSpecs, Parameters } from './parameters.ts'

/** What an attacker who poisons training data wants of the model that learns from it. */
export type PoisonAim = 'availability' | 'targeted' | 'backdoor'

/** Labelled rows in memory, row-major. */
export interface LabelledRows {
  readonly x: Float32Array
  readonly labels: Int32Array
}

export interface PoisonContext extends LabelledRows {
  /** Sizes of one row. */
  readonly dims: readonly number[]
  /** Values of one row. */
  readonly size: number
  readonly classes: number
  /** How many rows may be poisoned. */
  readonly budget: number
  /** The class that poison leads to. */
  readonly target: number
  /** Rows that the model is judged on afterwards; targeted attacks choose the one that they are about among them. */
  readonly judged: LabelledRows
  /** Lowest and highest value an input may take. */
  readonly low: number
  readonly high: number
  /** Numbers for a purpose: a function of the seed, the attack and `key` only. */
  random(...key: RandomKey[]): Random
  /** The model under assessment, for attacks that craft rows by its gradients; undefined where there is none. */
  readonly model?: Classifier
  /** What rows of a table keep to, also when they are poisoned or carry a trigger. */
  readonly constraints?: Constraints
  progress(done: number): void
}

/** The training rows as the attacker leaves them: the same number in the same order. */
export interface Poisoned extends LabelledRows {
  /** Rows that were changed, ascending; at most `budget`. */
  readonly poisoned: Int32Array
  /** Rows of `judged` that the attack is about, where it is about some; default: all that aren't of the target class. */
  readonly victims?: Int32Array
  /** What the user should know of how it was done: an approximation, fewer rows than the budget. */
  readonly notes?: readonly string[]
}

/** What a trigger is made from: the context that the rows were poisoned in. */
export type TriggerContext = Omit<PoisonContext, 'progress'>

/**
 * Simulates poisoning: a copy of the training rows with at most `budget` of them changed. A model is then trained on it,
 * by the user's own recipe, and judged: accuracy on clean rows, and success (victims that go to the target class,
 * triggered first where the aim is a backdoor).
 */
export interface PoisonAttack<S extends ParameterSpecs = ParameterSpecs> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  readonly aim: PoisonAim
  /** Default: any. */
  readonly domain?: Domain
  /** True where it crafts rows by the gradients of a model. */
  readonly needsModel?: boolean
  readonly parameters: S
  poison(context: PoisonContext, parameters: Parameters<S>): Promise<Poisoned>
  /**
   * Rows with the trigger on them, as the attacker sends them to the model in use; backdoors only. `context`: the one that
   * was poisoned in, whose clean rows and random numbers make the trigger; its budget does not matter.
   */
  trigger?(context: TriggerContext, x: Float32Array, parameters: Parameters<S>): Float32Array
}

/** A poisoning attack with its parameter types erased. */
export type AnyPoisonAttack = Omit<PoisonAttack, 'poison' | 'trigger'> & {
  poison(context: PoisonContext, parameters: AnyParameters): Promise<Poisoned>
  trigger?(context: TriggerContext, x: Float32Array, parameters: AnyParameters): Float32Array
}

/** Types `poison` by its own parameters, and checks none: `resolveParameters` has. */
export const definePoisonAttack = <const S extends ParameterSpecs>(attack: PoisonAttack<S>): AnyPoisonAttack => {
  const { trigger } = attack
  return {
    ...attack,
    poison: (context, parameters) => attack.poison(context, parameters as Parameters<S>),
    ...(trigger && {
      trigger: (context: TriggerContext, x: Float32Array, parameters: AnyParameters) =>
        trigger(context, x, parameters as Parameters<S>),
    }),
  }
}
