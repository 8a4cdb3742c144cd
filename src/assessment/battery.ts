import { corruptions } from '../attacks/evasion/corruptions/index.ts'
import { attacks } from '../attacks/index.ts'
import { BartizanError } from '../base/errors.ts'
import { nearest } from '../base/registry.ts'
import type { BatteryEffort, Config, InputInfo, Measure } from '../contract/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { type Access, showsLabelsOnly } from '../threat/access.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { misfit, taskMisfit } from '../threat/domain.ts'
import { type AnyParameters, resolveParameters } from '../threat/parameters.ts'
import { type Choice, choicesIn } from './battery-choices.ts'
import { taskKindOf } from './task.ts'

/** One attack at one budget, and why it isn't run if it isn't. */
export interface PlannedProbe {
  readonly id: string
  readonly attack: AnyAttack
  readonly norm: Measure
  readonly epsilon: number
  readonly parameters: AnyParameters
  /** At most so many rows, from the first: what costs thousands of queries a row is measured on a sample. */
  readonly rows: number
  /** Attacks only rows that no probe before it broke within the budget. */
  readonly standing: boolean
  readonly notRun?: string
}

const rank: Readonly<Record<Config['threat']['access'], readonly Access[]>> = {
  'white-box': ['gradients', 'weights', 'scores', 'labels', 'nothing'],
  scores: ['scores', 'labels', 'nothing'],
  labels: ['labels', 'nothing'],
}

/** Norms and budgets to measure: those of the threat model, else four shares of the input range in Linf. */
export const threatNorms = (
  { threat }: Config,
  { range, budgetRange }: InputInfo,
): NonNullable<Config['threat']['norms']> =>
  threat.norms ?? [
    { norm: 'linf', epsilon: [0.01, 0.03, 0.1, 0.3].map((share) => share * widthOf(budgetRange ?? range)) },
  ]

const widthOf = (range: readonly number[]): number => range[1]! - range[0]!

/** How far the battery goes; undefined where the configuration lists its attacks. */
export const effortOf = ({ battery }: Pick<Config, 'battery'>): BatteryEffort | undefined =>
  typeof battery === 'string' ? (battery === 'auto' ? 'standard' : battery) : undefined

/** Every probe that belongs to the threat, in the order it is run; those that can't run say why. */
export const planBattery = (config: Config, model: AttackedModel, input: InputInfo): readonly PlannedProbe[] => {
  const threat = threatNorms(config, input)
  return threat.flatMap(({ norm, epsilon }) => {
    const budgets = [...epsilon].sort((a, b) => a - b)
    return choicesFor(norm, config, model, threat).flatMap((choice) => {
      // One run of an attack that looks for the smallest perturbation answers for every budget.
      const { minimal } = attackNamed(choice.attack)
      return (minimal ? budgets.slice(-1) : budgets).map((budget) => plan(config, model, choice, norm, budget))
    })
  })
}

/**
 * What is run where changes are measured so. `corruptions` in a list stands for every corruption. Corruptions are for
 * severities and other attacks for the rest: none is reported as not run in one, unless the threat has nothing else for
 * it.
 */
const choicesFor = (
  norm: Measure,
  config: Config,
  model: AttackedModel,
  norms: readonly { readonly norm: Measure }[],
): readonly Choice[] => {
  if (typeof config.battery === 'string') return choicesIn(norm, effortOf(config)!, config, model)
  const listed = config.battery.flatMap((choice) =>
    choice.attack === 'corruptions' ? corruptions.map(({ id }) => ({ ...choice, attack: id })) : [choice],
  )
  return listed.filter(({ attack }) => {
    const works = (measure: Measure): boolean => attackNamed(attack).norms.includes(measure)
    return works('severity') === (norm === 'severity') || works(norm) || !norms.some((other) => works(other.norm))
  })
}

const plan = (config: Config, model: AttackedModel, choice: Choice, norm: Measure, epsilon: number): PlannedProbe => {
  const attack = attackNamed(choice.attack)
  return {
    id: `${attack.id}-${norm}-${shortNumber(epsilon)}`,
    attack,
    norm,
    epsilon,
    parameters: resolveParameters(attack.id, attack.parameters, choice.params),
    rows: choice.rows ?? Number.POSITIVE_INFINITY,
    standing: choice.standing ?? false,
    notRun: reasonNotToRun(config, model, attack, [norm]),
  }
}

/** At most six significant digits: 8/255 is 0.0313725. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(6)))

/** Why an attack can't run where changes are measured in one of `norms`; undefined where it can. */
export const reasonNotToRun = (
  config: Pick<Config, 'threat'>,
  model: AttackedModel,
  attack: AnyAttack,
  norms: readonly Measure[],
): string | undefined => {
  if (!rank[config.threat.access].includes(attack.access))
    return `it needs ${attack.access}, and the threat grants ${config.threat.access} only`
  if (!norms.some((norm) => attack.norms.includes(norm)))
    return `it works in ${attack.norms.join(', ')}, not in ${norms.join(', ')}`
  const unfit =
    misfit(attack.domain ?? 'any', model.input.dims) ?? taskMisfit(attack.tasks, taskKindOf(model.output?.kind))
  if (unfit !== undefined) return unfit
  if (attack.domain === 'trees') {
    const found = model.trees?.()
    if (!found?.ok) return found?.reason ?? 'there is no file to read trees from'
  }
  if (attack.transfers && config.threat.surrogates === undefined)
    return "it needs a model of the attacker's own (threat.surrogates)"
  if (attack.access === 'gradients' && !model.differentiable.ok) return `no gradients: ${model.differentiable.reason}`
  if (attack.access === 'scores' && showsLabelsOnly(model)) return 'it needs scores, and the model gives labels only'
  return undefined
}

/** Throws USAGE, with the nearest name, where there is no such attack. */
export const attackNamed = (id: string): AnyAttack => {
  const attack = attacks.get(id)
  if (attack) return attack
  const guess = nearest(id, attacks.keys())
  throw new BartizanError('USAGE', `there is no attack "${id}"`, {
    hint: guess ? `did you mean "${guess}"?` : `bartizan attack list shows them: ${[...attacks.keys()].join(', ')}`,
  })
}
