import { attacks } from '../attacks/index.ts'
import type { BatteryEffort, BatteryInfo, Config, InputInfo } from '../contract/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { misfit, taskMisfit } from '../threat/domain.ts'
import { effortOf, type PlannedProbe, planBattery, reasonNotToRun, threatNorms } from './battery.ts'
import { taskKindOf } from './task.ts'

/** Attacks that no battery has where a stronger one, or a cheaper one of the same kind, has their place. */
const replaced: Readonly<Record<string, string>> = {
  bim: 'pgd takes the same steps, from random starts',
  'mi-fgsm': 'its momentum is for rows that are to fool other models: transfer takes the same steps on surrogates',
  universal: 'one change for every row; pgd and autoattack make one for each',
  deepfool: 'it stops at the first point across the boundary; fmn, ddn and fab-t go on to nearer ones',
  spsa: 'nes estimates gradients from scores in the same way',
  zoo: 'it asks two questions for each value of a row and step; square and nes ask fewer',
  boundary: 'hopskipjump and surfree look for the same point along the boundary, with fewer queries',
}

/** Attacks that a thorough battery has in some of the norms that they work in. */
const elsewhere: Readonly<Record<string, string>> = {
  ead: 'in l2 cw-l2 looks for the same change; a thorough battery has it in l1',
  simba: 'in linf square moves many values with a question, and it one; a thorough battery has it in l2 and l1',
}

const partsOfAutoAttack = new Set(['apgd-ce', 'apgd-dlr', 'apgd-t', 'fab-t'])

const ran = (plan: readonly PlannedProbe[], id: string): boolean =>
  plan.some(({ attack, notRun }) => attack.id === id && notRun === undefined)

/**
 * Every attack that has no probe in a battery chosen from the threat, and why; undefined where the configuration lists
 * its attacks. Probes that can't run say so themselves.
 */
export const describeBattery = (
  config: Config,
  model: AttackedModel,
  input: InputInfo,
  plan: readonly PlannedProbe[],
): BatteryInfo | undefined => {
  const effort = effortOf(config)
  if (effort === undefined) return undefined
  const planned = new Set(plan.map(({ attack }) => attack.id))
  const placedIn = (battery: BatteryEffort): ReadonlySet<string> =>
    new Set(planBattery({ ...config, battery }, model, input).map(({ attack }) => attack.id))
  const [standard, more] = [placedIn('standard'), placedIn('thorough')]
  const norms = threatNorms(config, input).map(({ norm }) => norm)
  const reasonFor = (attack: AnyAttack): string =>
    misfit(attack.domain ?? 'any', model.input.dims) ??
    taskMisfit(attack.tasks, taskKindOf(model.output?.kind)) ??
    reasonNotToRun(config, model, attack, norms) ??
    byChoice(attack, { effort, model, plan, standard, more })
  const left = [...attacks.values()].filter(({ id }) => !planned.has(id))
  return { effort, leftOut: left.map((attack) => ({ attack: attack.id, reason: reasonFor(attack) })) }
}

interface Chosen {
  readonly effort: BatteryEffort
  readonly model: AttackedModel
  readonly plan: readonly PlannedProbe[]
  /** What a standard battery has, and a thorough one. */
  readonly standard: ReadonlySet<string>
  readonly more: ReadonlySet<string>
}

/** It could run, and isn't chosen. */
const byChoice = ({ id, access, minimal }: AnyAttack, { effort, model, plan, standard, more }: Chosen): string => {
  if (model.random && (id === 'autoattack' || id === 'apgd-t'))
    return 'the model draws random numbers: apgd-ce and apgd-dlr, which average over them, stand in its place'
  if (model.random && access === 'gradients' && minimal)
    return 'the model draws random numbers, and it follows the gradient of a single draw'
  if (partsOfAutoAttack.has(id)) {
    if (ran(plan, 'autoattack'))
      return id === 'apgd-dlr' ? 'autoattack runs apgd-t, its targeted form' : 'autoattack runs it'
    if (ran(plan, 'apgd-ce')) return 'apgd-ce stands for the attacks of AutoAttack'
  }
  const placed = (ids: ReadonlySet<string>): boolean =>
    ids.has(id) || (partsOfAutoAttack.has(id) && ids.has('autoattack'))
  if (effort === 'quick' && placed(standard)) return 'a quick battery leaves it out: battery: standard'
  if (effort !== 'thorough' && placed(more)) return `a ${effort} battery leaves it out: battery: thorough`
  return replaced[id] ?? elsewhere[id] ?? 'nothing in the threat asks for it'
}
