import { attacks } from '../attacks/index.ts'
import { BartizanError } from '../base/errors.ts'
import { nearest } from '../base/registry.ts'
import type { Config, InputInfo, Norm, Params } from '../contract/index.ts'
import type { Classifier } from '../models/classifier.ts'
import type { Access } from '../threat/access.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { type AnyParameters, resolveParameters } from '../threat/parameters.ts'

/** One attack at one budget, and why it isn't run if it isn't. */
export interface PlannedProbe {
  readonly id: string
  readonly attack: AnyAttack
  readonly norm: Norm
  readonly epsilon: number
  readonly parameters: AnyParameters
  /** At most so many rows, from the first: what costs thousands of queries a row is measured on a sample. */
  readonly rows: number
  readonly notRun?: string
}

interface Choice {
  readonly attack: string
  readonly params: Params
  /** Only so many rows, from the first: what costs thousands of queries a row is measured on a sample. */
  readonly rows?: number
}

/**
 * The standard battery, cheapest first: a single step, iterated steps, AutoAttack for the worst case; then attackers
 * who see scores or labels only. They must not do better than one who sees everything: where they do, gradients lie.
 */
const standard: readonly Choice[] = [
  { attack: 'fgsm', params: {} },
  { attack: 'pgd', params: { steps: 40 } },
  { attack: 'autoattack', params: {} },
  { attack: 'square', params: { queries: 1000 }, rows: 64 },
  { attack: 'hopskipjump', params: { queries: 2500 }, rows: 32 },
]

const rank: Readonly<Record<Config['threat']['access'], readonly Access[]>> = {
  'white-box': ['gradients', 'scores', 'labels'],
  scores: ['scores', 'labels'],
  labels: ['labels'],
}

/** Norms and budgets to measure: those of the threat model, else four shares of the input range in Linf. */
export const threatNorms = ({ threat }: Config, { range }: InputInfo): NonNullable<Config['threat']['norms']> =>
  threat.norms ?? [{ norm: 'linf', epsilon: [0.01, 0.03, 0.1, 0.3].map((share) => share * (range[1] - range[0])) }]

/** Every probe that belongs to the threat, in the order it is run; those that can't run say why. */
export const planBattery = (config: Config, model: Classifier, input: InputInfo): readonly PlannedProbe[] => {
  const choices: readonly Choice[] = config.battery === 'auto' ? standard : config.battery
  return threatNorms(config, input).flatMap(({ norm, epsilon }) => {
    const budgets = [...epsilon].sort((a, b) => a - b)
    return choices.flatMap((choice) => {
      // One run of an attack that looks for the smallest perturbation answers for every budget.
      const { minimal } = attackNamed(choice.attack)
      return (minimal ? budgets.slice(-1) : budgets).map((budget) => plan(config, model, choice, norm, budget))
    })
  })
}

const plan = (config: Config, model: Classifier, choice: Choice, norm: Norm, epsilon: number): PlannedProbe => {
  const attack = attackNamed(choice.attack)
  return {
    id: `${attack.id}-${norm}-${shortNumber(epsilon)}`,
    attack,
    norm,
    epsilon,
    parameters: resolveParameters(attack.id, attack.parameters, choice.params),
    rows: choice.rows ?? Number.POSITIVE_INFINITY,
    notRun: reasonNotToRun(config, model, attack, norm),
  }
}

/** At most six significant digits: 8/255 is 0.0313725. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(6)))

const reasonNotToRun = (config: Config, model: Classifier, attack: AnyAttack, norm: Norm): string | undefined => {
  if (!rank[config.threat.access].includes(attack.access))
    return `it needs ${attack.access}, and the threat grants ${config.threat.access} only`
  if (!attack.norms.includes(norm)) return `it works in ${attack.norms.join(', ')}, not in ${norm}`
  if (attack.access === 'gradients' && !model.differentiable.ok) return `no gradients: ${model.differentiable.reason}`
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
