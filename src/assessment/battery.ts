import { corruptions } from '../attacks/evasion/corruptions/index.ts'
import { attacks } from '../attacks/index.ts'
import { BartizanError } from '../base/errors.ts'
import { nearest } from '../base/registry.ts'
import type { Config, InputInfo, Measure, Params, TaskKind } from '../contract/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { type Access, showsLabelsOnly } from '../threat/access.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { misfit, taskMisfit } from '../threat/domain.ts'
import { type AnyParameters, resolveParameters } from '../threat/parameters.ts'
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
  readonly notRun?: string
}

interface Choice {
  readonly attack: string
  readonly params: Params
  /** Only so many rows, from the first: what costs thousands of queries a row is measured on a sample. */
  readonly rows?: number
  /** Left out of the standard battery for models that predict this: AutoAttack has it for classifiers. */
  readonly unless?: TaskKind
}

/**
 * The standard battery, cheapest first: a single step, iterated steps, AutoAttack for the worst case; then attackers
 * who see scores or labels only, or nothing but models of their own. They must not do better than one who sees everything: where they do, gradients lie.
 */
const standard: readonly Choice[] = [
  { attack: 'fgsm', params: {} },
  { attack: 'pgd', params: { steps: 40 } },
  { attack: 'autoattack', params: {} },
  { attack: 'apgd-ce', params: {}, unless: 'classification' },
  { attack: 'square', params: { queries: 1000 }, rows: 64 },
  { attack: 'hopskipjump', params: { queries: 2500 }, rows: 32 },
  { attack: 'transfer', params: {} },
]

/**
 * What stands for them where the model draws random numbers in every run: each step averages over several draws
 * (expectation over transformations, Athalye et al. 2018, arXiv:1802.00420), and of AutoAttack the version for such
 * models, with its twenty draws. A row that breaks in one draw may hold in the next, so PGD leaves none early.
 */
const averaged: Readonly<Record<string, readonly Choice[]>> = {
  pgd: [{ attack: 'pgd', params: { steps: 40, eot: 10, 'early-stop': false } }],
  autoattack: [
    { attack: 'apgd-ce', params: { eot: 20 } },
    { attack: 'apgd-dlr', params: { eot: 20 } },
  ],
  // In the place of AutoAttack already.
  'apgd-ce': [],
}

/** For rows of one axis, besides: attacks that move within the constraints of a table. */
const forTables: readonly Choice[] = [
  { attack: 'constrained-pgd', params: {} },
  { attack: 'lowprofool', params: {}, rows: 64 },
  { attack: 'mixed', params: { queries: 1000 }, rows: 64 },
  { attack: 'mixed-labels', params: { queries: 1000 }, rows: 32 },
]

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

/** For ensembles of trees, besides: an attack that reads them. */
const forTrees: readonly Choice[] = [{ attack: 'leaf-tuple', params: {} }]

const standardFor = ({ random }: AttackedModel): readonly Choice[] =>
  random ? standard.flatMap((choice) => averaged[choice.attack] ?? [choice]) : standard

/** Every probe that belongs to the threat, in the order it is run; those that can't run say why. */
export const planBattery = (config: Config, model: AttackedModel, input: InputInfo): readonly PlannedProbe[] => {
  const tables = model.input.dims.length === 1 ? forTables : []
  const possible = [...standardFor(model), ...tables, ...(model.trees?.().ok ? forTrees : [])].filter(
    ({ attack }) => config.threat.surrogates || !attackNamed(attack).transfers,
  )
  const task = taskKindOf(model.output?.kind)
  const choices: readonly Choice[] =
    config.battery === 'auto' ? possible.filter(({ unless }) => unless !== task) : config.battery
  return threatNorms(config, input).flatMap(({ norm, epsilon }) => {
    const budgets = [...epsilon].sort((a, b) => a - b)
    return choicesFor(norm, choices, config, threatNorms(config, input)).flatMap((choice) => {
      // One run of an attack that looks for the smallest perturbation answers for every budget.
      const { minimal } = attackNamed(choice.attack)
      return (minimal ? budgets.slice(-1) : budgets).map((budget) => plan(config, model, choice, norm, budget))
    })
  })
}

const everyCorruption: readonly Choice[] = corruptions.map(({ id }) => ({ attack: id, params: {} }))

/**
 * What is run where changes are measured so. `corruptions` in a list stands for every corruption. Corruptions are for
 * severities and other attacks for the rest: none is reported as not run in one, unless the threat has nothing else for
 * it.
 */
const choicesFor = (
  norm: Measure,
  battery: readonly Choice[],
  config: Config,
  norms: readonly { readonly norm: Measure }[],
): readonly Choice[] => {
  if (config.battery === 'auto') return norm === 'severity' ? everyCorruption : battery
  const listed = battery.flatMap((choice) =>
    choice.attack === 'corruptions' ? everyCorruption.map(({ attack }) => ({ ...choice, attack })) : [choice],
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
    notRun: reasonNotToRun(config, model, attack, norm),
  }
}

/** At most six significant digits: 8/255 is 0.0313725. */
export const shortNumber = (value: number): string => String(Number(value.toPrecision(6)))

const reasonNotToRun = (config: Config, model: AttackedModel, attack: AnyAttack, norm: Measure): string | undefined => {
  if (!rank[config.threat.access].includes(attack.access))
    return `it needs ${attack.access}, and the threat grants ${config.threat.access} only`
  if (!attack.norms.includes(norm)) return `it works in ${attack.norms.join(', ')}, not in ${norm}`
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
