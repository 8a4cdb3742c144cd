import type { BatteryInfo, CertifiedTrees, Config, Curve, Report, TransferMatrix } from '../contract/index.ts'
import { type PlannedProbe, planBattery } from './battery.ts'
import { leastBudget, stepsOf } from './battery-steps.ts'
import { certify } from './certify-subject.ts'
import { curvesAndChecks } from './curves-and-checks.ts'
import { type Checked, doubtsOf } from './diagnostics/checked.ts'
import type { Doubt } from './flags.ts'
import { describeBattery } from './left-out.ts'
import type { ProbeRecord } from './probe-record.ts'
import type { Progress } from './progress.ts'
import { percent } from './report/format.ts'
import { wordsFor } from './report/task-words.ts'
import { type ProbeOptions, runProbe } from './run-probe.ts'
import { standingRows } from './standing.ts'
import { planMatrices, transferMatrix } from './transfer-matrix.ts'

/** What attacks on the rows that the model sees have shown. */
export interface MeasuredEvasion {
  /** Every probe of the battery; `notRun` says why one has no record. */
  readonly plan: readonly PlannedProbe[]
  readonly battery?: BatteryInfo
  readonly records: readonly ProbeRecord[]
  readonly curves: readonly Curve[]
  readonly checks: readonly Checked[]
  /** Signs that an attack may be failing. */
  readonly doubts: readonly Doubt[]
  readonly certified: readonly CertifiedTrees[]
  readonly transfer: readonly TransferMatrix[]
}

export interface EvasionRequest {
  readonly config: Config
  readonly norms: Report['threat']['norms']
  readonly run: ProbeOptions
  readonly progress: Progress
  readonly named: (path: string) => string
}

/** Runs the battery, cheapest first, then curves, checks of the attacks, certificates and transfer matrices. */
export const measureEvasion = async ({
  config,
  norms,
  run,
  progress,
  named,
}: EvasionRequest): Promise<MeasuredEvasion> => {
  const { subject } = run
  const planned = planBattery(config, subject.model, subject.input)
  const battery = describeBattery(config, subject.model, subject.input, planned)
  const words = wordsFor({ task: subject.task?.kind === 'classification' ? undefined : subject.task })
  const records: ProbeRecord[] = []
  const nothingLeft = new Map<string, string>()
  for (const { title, probes: together } of stepsOf(planned)) {
    progress.start(title)
    const done: ProbeRecord[] = []
    for (const probe of together) {
      const standing = standingRows(probe, records, leastBudget(norms, probe.norm))
      if (standing.nothingLeft === undefined) done.push(await runProbe(probe, run, standing.alreadyBroken))
      else nothingLeft.set(probe.id, standing.nothingLeft)
    }
    records.push(...done)
    if (done.length === 0) {
      progress.end('no row is left to attack')
      continue
    }
    const shares = done.map(({ result }) => percent(result.robustAccuracy.value)).join(', ')
    progress.end(`${words.robust.toLowerCase()} ${shares} (n=${done[0]!.result.rows})`)
  }
  const { curves, checks } = await curvesAndChecks(norms, records, run, progress)
  const certified = await certify(subject, norms, progress)
  const transfer: TransferMatrix[] = []
  for (const matrix of planMatrices(subject, norms, planned)) {
    progress.start(`transfer matrix in ${matrix.norm} at ${matrix.epsilon}`)
    const measured = await transferMatrix(matrix, run, named)
    transfer.push(measured)
    progress.end(`${measured.crafted.length} × ${measured.models.length}`)
  }
  return {
    plan: planned.map((probe) => ({ ...probe, notRun: probe.notRun ?? nothingLeft.get(probe.id) })),
    ...(battery && { battery }),
    records,
    curves,
    checks,
    doubts: doubtsOf(checks),
    certified,
    transfer,
  }
}

/** Where a run is about other classes only. */
export const noEvasion: MeasuredEvasion = {
  plan: [],
  records: [],
  curves: [],
  checks: [],
  doubts: [],
  certified: [],
  transfer: [],
}
