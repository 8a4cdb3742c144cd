import { stream } from '../../base/random.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import type { AnyPoisonAttack, PoisonContext, Poisoned } from '../../threat/poisoning.ts'

/** Random rows of classes in turn, a class brighter than the one before, so that classes differ. */
export const labelledRows = (dims: readonly number[], rows: number, classes: number, key = 'training') => {
  const size = dims.reduce((product, dim) => product * dim, 1)
  const random = stream('poisoning', key)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes)
  const x = Float32Array.from(
    { length: rows * size },
    (_, at) => 0.6 * random.uniform() + (0.4 * labels[Math.floor(at / size)]!) / classes,
  )
  return { x, labels }
}

/** What an attack would be given, and what it makes of it. */
export const contextOf = (
  attack: AnyPoisonAttack,
  dims: readonly number[],
  given: Partial<PoisonContext> & { readonly seed?: number } = {},
): PoisonContext => {
  const { seed = 0, classes = 4, ...more } = given
  return {
    ...labelledRows(dims, 40, classes),
    dims,
    size: dims.reduce((product, dim) => product * dim, 1),
    classes,
    budget: 6,
    target: 1,
    judged: labelledRows(dims, 12, classes, 'judged'),
    low: 0,
    high: 1,
    random: (...key) => stream(seed, attack.id, ...key),
    progress: () => {},
    ...more,
  }
}

export const poisonedBy = (
  attack: AnyPoisonAttack,
  context: PoisonContext,
  parameters: AnyParameters = {},
): Promise<Poisoned> => attack.poison(context, resolveParameters(attack.id, attack.parameters, parameters))

export const triggered = (
  attack: AnyPoisonAttack,
  context: PoisonContext,
  x: Float32Array,
  parameters: AnyParameters = {},
): Float32Array => attack.trigger!(context, x, resolveParameters(attack.id, attack.parameters, parameters))
