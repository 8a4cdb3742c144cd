import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config, Curve, Probe, Report } from '../contract/index.ts'
import { type PlannedProbe, planBattery, threatNorms } from './battery.ts'
import { type LoadedConfig, reportedPath } from './config/index.ts'
import { robustnessCurve } from './curves.ts'
import { recordMeasurements } from './evidence.ts'
import { findingsOf } from './findings.ts'
import {
  blackBoxStronger,
  type Doubt,
  estimatedGradients,
  iterationHelps,
  shareWithoutGradient,
  unboundedBudgetBreaks,
  zeroGradients,
} from './flags.ts'
import { judgeGates } from './gates.ts'
import { withPictures } from './pictures.ts'
import type { ProbeRecord } from './probe-record.ts'
import { type Picture, withVerdict } from './report/index.ts'
import { commandFor } from './reproduce.ts'
import { examplesPath, type ProbeOptions, runProbe } from './run-probe.ts'
import { openRunStore } from './run-store.ts'
import { describeData, describeModel, measureClean, openSubject } from './subject.ts'
import { prepareReportFolder, writeReports } from './write-reports.ts'

/** What a run tells whoever watches it. */
export interface Progress {
  /** A step began; `detail` says with what. */
  start(step: string): void
  /** Share of the current step that is done; `detail` says where it stands. */
  update(done: number, detail?: string): void
  /** The current step ended, with its result in a few words. */
  end(result: string): void
}

export interface AssessOptions {
  readonly config: Config
  /** The file it was read from, where there is one. */
  readonly loaded?: LoadedConfig
  /** Keeps what an interrupted run on the same inputs finished. */
  readonly resume?: boolean
  readonly threads?: number
  readonly tool: Report['tool']
  readonly progress: Progress
}

export interface Assessment {
  readonly report: Report
  /** The files that were written. */
  readonly files: readonly string[]
}

/** Measures a model as its configuration says: clean rows first, then the battery, curves, doubts, findings, gates. */
export const assess = async (options: AssessOptions): Promise<Assessment> => {
  const { config, loaded, progress, tool, threads = availableParallelism() } = options
  const started = new Date()
  const root = loaded?.folder ?? process.cwd()
  const named = (path: string): string => reportedPath(root, path)
  const subject = await openSubject(config, threads)
  try {
    progress.start('clean rows')
    const clean = await measureClean(subject, config.accuracy)
    const { low, high, value, n } = clean.accuracy
    progress.end(`accuracy ${shareText(value)} (${shareText(low)} to ${shareText(high)}, n=${n})`)
    const model = await describeModel(subject, named(config.model.path), config.model.path)
    const data = await describeData(subject, config.data, named)
    const norms = threatNorms(config, subject.input)
    const { gates: _gates, out: _out, ...measured } = config
    const store = await openRunStore(
      root,
      {
        tool,
        model: model.sha256,
        data,
        measured: { ...measured, model: { ...config.model, path: model.path }, data: 0 },
      },
      options.resume ?? false,
    )
    await prepareReportFolder(config.out)
    const plan = planBattery(config, subject.model, subject.input)
    const run: ProbeOptions = { subject, store, seed: config.seed, progress: (done) => progress.update(done) }
    const records: ProbeRecord[] = []
    for (const probe of plan.filter(({ notRun }) => !notRun)) {
      progress.start(probe.id)
      const record = await runProbe(probe, run)
      records.push(record)
      progress.end(`robust accuracy ${shareText(record.result.robustAccuracy.value)} (n=${record.result.rows})`)
    }
    const { curves, doubts } = await curvesAndDoubts(norms, records, run, progress)
    const reproduce = (record: ProbeRecord): string =>
      commandFor(record, config, { seed: config.seed, from: data.from, named })
    const gates = (findings: number) =>
      judgeGates(config.gates, { clean: clean.accuracy, records, rows: data.rows, findings, flags: doubts.length })
    const context = { records, doubts, input: subject.input, rows: data.rows, reproduce }
    // Findings look at gates on accuracy; gates on the number of findings look at those.
    const findings = findingsOf({ ...context, gates: gates(0) })
    const judged = gates(findings.length)
    const pictures = new Map<string, Picture>()
    const probes: Probe[] = []
    for (const planned of plan) {
      const record = records.find(({ id }) => id === planned.id)
      const probe = describeProbe(planned, record, judged, doubts, record && reproduce(record))
      probes.push(
        record
          ? await withPictures(probe, examplesPath(store, planned.id), {
              set: subject.set,
              input: subject.input,
              pictures,
            })
          : probe,
      )
    }
    const about = {
      tool,
      ...(loaded && { config: { path: named(loaded.path), sha256: loaded.sha256 } }),
      seed: config.seed,
      model,
      data,
      clean,
    }
    progress.start('evidence')
    const evidence = await recordMeasurements({ root, report: about, records, named })
    progress.end(`${evidence.digests.length} digests, signed and logged`)
    const report = withVerdict({
      schemaVersion: 1,
      ...about,
      input: subject.input,
      threat: { access: config.threat.access, norms: [...norms] },
      probes,
      curves,
      findings: [...findings],
      gates: [...judged],
      notRun: plan.flatMap(({ id, notRun }) => (notRun ? [{ probe: id, reason: notRun }] : [])),
      evidence,
      timing: {
        startedAt: started.toISOString(),
        seconds: (Date.now() - started.getTime()) / 1000,
        probes: Object.fromEntries(records.map(({ id, seconds }) => [id, seconds])),
      },
    })
    const files = await writeReports({ report, pictures, loaded, folder: config.out, root })
    return { report, files: files.map((file) => join(config.out, file)) }
  } finally {
    await subject.close()
  }
}

const shareText = (share: number): string => `${(100 * share).toFixed(1)} %`

const describeProbe = (
  planned: PlannedProbe,
  record: ProbeRecord | undefined,
  gates: Report['gates'],
  doubts: readonly Doubt[],
  reproduce: string | undefined,
): Probe => {
  const judging = gates.filter(({ probe }) => probe === planned.id)
  const status = !record
    ? 'not run'
    : judging.length === 0
      ? 'measured'
      : judging.every(({ passed }) => passed)
        ? 'passed'
        : 'failed'
  return {
    id: planned.id,
    class: 'evasion',
    attack: planned.attack.id,
    norm: planned.norm,
    epsilon: planned.epsilon,
    params: planned.parameters,
    status,
    ...(planned.notRun && { reason: planned.notRun }),
    ...(reproduce && { reproduce }),
    ...(record && { result: record.result }),
    flags: doubts.filter(({ probe }) => probe === planned.id).map(({ flag }) => flag),
    worst: record?.worst ?? [],
  }
}

const curvesAndDoubts = async (
  norms: ReturnType<typeof threatNorms>,
  records: readonly ProbeRecord[],
  run: ProbeOptions,
  progress: Progress,
): Promise<{ curves: Curve[]; doubts: readonly Doubt[] }> => {
  const doubts: Doubt[] = [...blackBoxStronger(records), ...iterationHelps(records)]
  const curves: Curve[] = []
  const white = records.filter(({ access }) => access === 'gradients')
  if (white.length === 0) return { curves, doubts }
  progress.start('gradients')
  const share = await shareWithoutGradient(run.subject)
  doubts.push(...zeroGradients(share, records), ...estimatedGradients(run.subject.model.model.graph, records))
  progress.end(`${shareText(1 - share)} of the rows have one`)
  for (const { norm, epsilon } of norms) {
    if (norm === 'l0') continue
    progress.start(`curve in ${norm}`)
    const curve = await robustnessCurve(norm, Math.max(...epsilon), run)
    curves.push({ ...curve, points: curve.points.slice(0, -1) })
    const strongest = white.findLast((record) => record.norm === norm)
    if (strongest) doubts.push(...unboundedBudgetBreaks(curve, run.subject.model.classes, strongest.id))
    progress.end(`${curve.points.length} budgets`)
  }
  return { curves, doubts }
}
