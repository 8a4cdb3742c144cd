import { BartizanError } from '../../../base/errors.ts'
import { nearest } from '../../../base/registry.ts'
import type { Config } from '../../../contract/index.ts'
import { misfit } from '../../../threat/domain.ts'
import { type AnyParameters, resolveParameters } from '../../../threat/parameters.ts'
import type { AnyPoisonAttack } from '../../../threat/poisoning.ts'
import type { AnyScreen } from '../../../threat/screen.ts'

/** The attacks and the screens that there are. */
export interface PoisoningMethods {
  readonly attacks: ReadonlyMap<string, AnyPoisonAttack>
  readonly screens: ReadonlyMap<string, AnyScreen>
}

export interface PlannedAttack {
  readonly attack: AnyPoisonAttack
  readonly parameters: AnyParameters
  /** Why it can't be run on rows of this shape. */
  readonly notRun?: string
}

export interface PlannedScreen {
  readonly screen: AnyScreen
  readonly parameters: AnyParameters
}

export interface PoisoningPlan {
  readonly attacks: readonly PlannedAttack[]
  readonly screens: readonly PlannedScreen[]
  /** Ascending, without 0. */
  readonly fractions: readonly number[]
  readonly target: number
  readonly falseDiscoveryRate: number
}

const defaultFractions: readonly number[] = [0.01, 0.05, 0.1]
const defaultRate = 0.05

/** What is run on rows of `dims`. Throws CONFIG_INVALID for an attack, a screen or a class that isn't there. */
export const planPoisoning = (
  poisoning: Config['poisoning'],
  { dims, classes }: { readonly dims: readonly number[]; readonly classes: number },
  { attacks, screens }: PoisoningMethods,
): PoisoningPlan => {
  const target = poisoning?.target ?? 0
  if (target >= classes)
    throw new BartizanError(
      'CONFIG_INVALID',
      `poisoning.target is class ${target}; the model has classes 0 to ${classes - 1}`,
    )
  const chosen =
    poisoning?.attacks ?? [...attacks.values()].filter(byDefault(dims)).map(({ id }) => ({ attack: id, params: {} }))
  const screening =
    poisoning?.screens ?? [...screens.values()].filter(trainsNothing).map(({ id }) => ({ screen: id, params: {} }))
  return {
    attacks: chosen.map(({ attack: id, params }) => {
      const attack = named('attacks', id, attacks)
      const notRun = misfit(attack.domain ?? 'any', dims)
      return {
        attack,
        parameters: resolveParameters(id, attack.parameters, params),
        ...(notRun !== undefined && { notRun }),
      }
    }),
    screens: screening.map(({ screen: id, params }) => {
      const screen = named('screens', id, screens)
      return { screen, parameters: resolveParameters(id, screen.parameters, params) }
    }),
    fractions: poisoning?.fractions ?? defaultFractions,
    target,
    falseDiscoveryRate: poisoning?.['false-discovery-rate'] ?? defaultRate,
  }
}

/** Those for rows of this kind that cost no gradients. */
const byDefault =
  (dims: readonly number[]) =>
  ({ domain = 'any', needsModel = false }: AnyPoisonAttack): boolean =>
    !needsModel && misfit(domain, dims) === undefined

const trainsNothing = ({ needs }: AnyScreen): boolean =>
  !needs.some((need) => need === 'train' || need === 'sources' || need === 'trusted')

const named = <T>(what: 'attacks' | 'screens', id: string, known: ReadonlyMap<string, T>): T => {
  const found = known.get(id)
  if (found) return found
  const guess = nearest(id, known.keys())
  throw new BartizanError('CONFIG_INVALID', `poisoning.${what}: there is no "${id}"`, {
    hint: guess ? `did you mean "${guess}"?` : `there are ${[...known.keys()].join(', ')}`,
  })
}
