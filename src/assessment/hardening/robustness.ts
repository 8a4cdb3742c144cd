import type { EvasionProbe, Norm, Robustness, WorstCase } from '../../contract/index.ts'
import { type PlannedProbe, planBattery } from '../battery.ts'
import { configFromFlags } from '../config/index.ts'
import { robustnessCurve } from '../curves.ts'
import {
  blackBoxStronger,
  type Doubt,
  estimatedGradients,
  iterationHelps,
  shareWithoutGradient,
  unboundedBudgetBreaks,
  zeroGradients,
} from '../flags.ts'
import { worstCase } from '../gates.ts'
import type { ProbeRecord } from '../probe-record.ts'
import { type ProbeOptions, runProbe } from '../run-probe.ts'
import type { FileSubject } from '../subject.ts'
import { type BatteryName, batteryFor } from './battery.ts'

export interface RobustnessRequest extends Omit<ProbeOptions, 'subject'> {
  readonly subject: FileSubject
  readonly norm: Norm
  readonly epsilons: readonly number[]
  readonly battery: BatteryName
  start(step: string): void
  end(result: string): void
}

/** Attacks a model with a battery at every budget, looks for signs that attacks fail, and takes the worst case a row. */
export const measureRobustness = async (request: RobustnessRequest): Promise<Robustness> => {
  const { subject, norm, epsilons } = request
  const plan = planFor(request)
  const records: ProbeRecord[] = []
  for (const probe of plan.filter(({ notRun }) => !notRun)) {
    request.start(probe.id)
    const record = await runProbe(probe, request)
    records.push(record)
    request.end(`robust accuracy ${(100 * record.result.robustAccuracy.value).toFixed(1)} %`)
  }
  const doubts: Doubt[] = [...strongerWithoutGradients(records), ...iterationHelps(records)]
  const white = records.filter(({ access }) => access === 'gradients')
  if (white.length === 0) return { norm, worst: worstOf(records, request), probes: described(plan, records, doubts) }
  doubts.push(
    ...zeroGradients(await shareWithoutGradient(subject), white),
    ...estimatedGradients(subject.model.model.graph, white),
  )
  request.start(`curve in ${norm}`)
  const curve = await robustnessCurve(norm, Math.max(...epsilons), request)
  request.end(`${curve.points.length} budgets`)
  doubts.push(...unboundedBudgetBreaks(curve, subject.model.classes, white.at(-1)!.id))
  return {
    norm,
    worst: worstOf(records, request),
    probes: described(plan, records, doubts),
    // The last point is the whole range of the input: it is there to be looked at, not drawn.
    curve: { ...curve, points: curve.points.slice(0, -1) },
  }
}

const planFor = ({ subject, norm, epsilons, battery }: RobustnessRequest): readonly PlannedProbe[] => {
  const { model, input } = subject
  const config = configFromFlags({
    model: { path: model.path },
    data: { path: subject.set.path },
    threat: { access: 'white-box', norms: [{ norm, epsilon: [...epsilons] }] },
    battery: batteryFor(battery, model).map(({ attack, params }) => ({ attack, params })),
  })
  return planBattery(config, model, input)
}

const worstOf = (
  records: readonly ProbeRecord[],
  { subject, norm, epsilons }: RobustnessRequest,
): readonly WorstCase[] =>
  [...epsilons]
    .sort((a, b) => a - b)
    .flatMap((epsilon) => {
      const { measured, probe } = worstCase({ norm, epsilon, attack: undefined }, records, subject.set.rows)
      return measured !== null && typeof measured === 'object' && probe !== undefined
        ? [{ epsilon, accuracy: measured, probe }]
        : []
    })

/**
 * Rows that search by scores breaks and no attack with gradients does. Of those, a single one may be unlucky on a row
 * that the others break: only all of them together are beaten in earnest.
 */
const strongerWithoutGradients = (records: readonly ProbeRecord[]): readonly Doubt[] => {
  const budgets = [...new Set(records.map(({ epsilon }) => epsilon))]
  return budgets.flatMap((epsilon) => {
    const here = records.filter((record) => record.epsilon === epsilon)
    const white = here.filter(({ access, attack }) => access === 'gradients' && attack !== 'fgsm')
    const last = white.at(-1)
    if (!last) return []
    const broken = last.outcome.broken.map((_, row) => white.some(({ outcome }) => outcome.broken[row]))
    const together: ProbeRecord = { ...last, outcome: { ...last.outcome, broken } }
    return blackBoxStronger([together, ...here.filter(({ access }) => access !== 'gradients')])
  })
}

const described = (
  plan: readonly PlannedProbe[],
  records: readonly ProbeRecord[],
  doubts: readonly Doubt[],
): readonly EvasionProbe[] =>
  plan.map(({ id, attack, norm, epsilon, parameters, notRun }) => {
    const record = records.find((one) => one.id === id)
    return {
      id,
      class: 'evasion',
      attack: attack.id,
      norm,
      epsilon,
      params: parameters,
      status: record ? 'measured' : 'not run',
      ...(notRun && { reason: notRun }),
      ...(record && { result: record.result }),
      flags: doubts.filter(({ probe }) => probe === id).map(({ flag }) => flag),
      worst: [],
    }
  })
