import { attacks } from '../attacks/index.ts'
import type { BatteryEffort, Config, Measure, Params, TaskKind } from '../contract/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { showsLabelsOnly } from '../threat/access.ts'
import { taskKindOf } from './task.ts'

/** An attack of a battery, and where it has a place. */
export interface Choice {
  readonly attack: string
  readonly params: Params
  /** Only so many rows, from the first: what costs thousands of queries a row is measured on a sample. */
  readonly rows?: number
  /** Left out for models that predict this: AutoAttack has it for classifiers. */
  readonly unless?: TaskKind
  /** Only where changes are measured so, of all the ways that the attack works in. */
  readonly norms?: readonly Measure[]
  /** Only where nothing but the predicted class is seen. */
  readonly labelsOnly?: boolean
  /** Attacks only rows that no attack before it broke within the budget. */
  readonly standing?: boolean
}

/** A sample of rows, for attacks that ask the model. */
interface Sample {
  readonly queries: number
  readonly rows: number
}

/** How far a battery goes. */
interface Scale {
  readonly steps: number
  readonly scores: Sample
  readonly labels: Sample
}

const scales: Readonly<Record<BatteryEffort, Scale>> = {
  quick: { steps: 20, scores: { queries: 300, rows: 32 }, labels: { queries: 1000, rows: 16 } },
  standard: { steps: 40, scores: { queries: 1000, rows: 64 }, labels: { queries: 2500, rows: 32 } },
  thorough: { steps: 40, scores: { queries: 5000, rows: 256 }, labels: { queries: 10_000, rows: 64 } },
}

const asking = (attack: string, { queries, rows }: Sample): Choice => ({ attack, params: { queries }, rows })

/**
 * In the norms linf, l2 and l1, cheapest first: a single step, iterated steps, AutoAttack for the worst case; then
 * attackers who see scores or labels only, or nothing but models of their own. They must not do better than one who sees
 * everything: where they do, gradients lie. So these are measured on the same rows.
 */
const inNorms = (effort: BatteryEffort): readonly Choice[] => {
  const { steps, scores, labels } = scales[effort]
  const full: readonly Choice[] = [
    { attack: 'autoattack', params: {} },
    { attack: 'apgd-ce', params: {}, unless: 'classification' },
  ]
  return [
    { attack: 'fgsm', params: {} },
    { attack: 'pgd', params: { steps } },
    ...(effort === 'quick' ? [] : full),
    asking('square', scores),
    asking('hopskipjump', labels),
    ...(effort === 'quick' ? [] : [{ ...asking('surfree', labels), labelsOnly: true, standing: true }]),
    { attack: 'transfer', params: {} },
  ]
}

/** A thorough battery, besides: other ways to look for a change, each on the rows that withstood all before it. */
const alsoThorough = ({ scores, labels }: Scale): readonly Choice[] => {
  const sample = { ...scores, rows: labels.rows }
  return [
    // Every row: distances to the boundary are a figure of their own.
    { attack: 'fmn', params: {} },
    { attack: 'ddn', params: {}, standing: true },
    { attack: 'cw-linf', params: {}, standing: true },
    { attack: 'ead', params: {}, norms: ['l1'], standing: true },
    { attack: 'cw-l2', params: {}, standing: true },
    { ...asking('simba', sample), norms: ['l2', 'l1'], standing: true },
    { ...asking('nes', sample), standing: true },
    { ...asking('surfree', labels), standing: true },
  ]
}

/** Where single values are changed: few attacks work there, so they stand in every battery. */
const inL0 = ({ scores }: Scale): readonly Choice[] => [
  { attack: 'jsma', params: {}, norms: ['l0'] },
  { attack: 'fmn', params: {}, norms: ['l0'] },
  { ...asking('simba', scores), norms: ['l0'] },
]

/** For rows of one axis, besides: attacks that move within the constraints of a table. */
const forTables = (effort: BatteryEffort): readonly Choice[] => {
  const { scores, labels } = scales[effort]
  const changing: readonly Choice[] = [
    { attack: 'constrained-pgd', params: {} },
    { attack: 'lowprofool', params: {}, rows: 64 },
    asking('mixed', { ...scores, queries: Math.min(scores.queries, 2000) }),
    asking('mixed-labels', { ...labels, queries: Math.min(labels.queries, effort === 'thorough' ? 2000 : 1000) }),
  ]
  return effort === 'quick' ? changing.filter(({ attack }) => attack !== 'lowprofool') : changing
}

/** For ensembles of trees, besides: an attack that reads them. */
const forTrees: readonly Choice[] = [{ attack: 'leaf-tuple', params: {} }]

/**
 * What stands for them where the model draws random numbers in every run: each step averages over several draws
 * (expectation over transformations, Athalye et al. 2018, arXiv:1802.00420), and of AutoAttack the version for such
 * models, with its twenty draws. A row that breaks in one draw may hold in the next, so PGD leaves none early.
 */
const averaged: Readonly<Record<string, (choice: Choice) => readonly Choice[]>> = {
  pgd: ({ params }) => [{ attack: 'pgd', params: { ...params, eot: 10, 'early-stop': false } }],
  autoattack: () => [
    { attack: 'apgd-ce', params: { eot: 20 } },
    { attack: 'apgd-dlr', params: { eot: 20 } },
  ],
  // In the place of AutoAttack already.
  'apgd-ce': () => [],
}

/** A single draw leads an attack that follows gradients astray; only those that average have a place beside PGD. */
const misledByDraws = (id: string): boolean => {
  const attack = attacks.get(id)
  return attack?.access === 'gradients' && attack.minimal === true
}

const everyCorruption: readonly Choice[] = [...attacks.values()]
  .filter(({ norms }) => norms.includes('severity'))
  .map(({ id }) => ({ attack: id, params: {} }))

/** What has a place in the battery where changes are measured in `norm`, cheapest first, whether it can run or not. */
export const choicesIn = (
  norm: Measure,
  effort: BatteryEffort,
  { threat }: Pick<Config, 'threat'>,
  model: AttackedModel,
): readonly Choice[] => {
  if (norm === 'severity') return everyCorruption
  if (norm === 'spatial' || norm === 'patch') return [{ attack: norm, params: {} }]
  const scale = scales[effort]
  const plain = [
    ...inNorms(effort),
    ...(model.input.dims.length === 1 ? forTables(effort) : []),
    ...(model.trees?.().ok ? forTrees : []),
    ...(norm === 'l0' ? inL0(scale) : effort === 'thorough' ? alsoThorough(scale) : []),
  ]
  const fitting = model.random
    ? plain.flatMap((choice) => averaged[choice.attack]?.(choice) ?? [choice]).filter((c) => !misledByDraws(c.attack))
    : plain
  const labelsOnly = threat.access === 'labels' || showsLabelsOnly(model)
  const seen = new Set<string>()
  return fitting.filter((choice) => {
    const { attack, unless, norms = [norm] } = choice
    const works = attacks.get(attack)!.norms.includes(norm)
    if (unless === taskKindOf(model.output?.kind)) return false
    if (choice.labelsOnly && !(labelsOnly && works)) return false
    // What only adds to the battery isn't reported as not run in every norm that it doesn't work in.
    if (!norms.includes(norm) || (choice.standing && !works)) return false
    if (attacks.get(attack)!.transfers && !threat.surrogates) return false
    if (seen.has(attack)) return false
    seen.add(attack)
    return true
  })
}
