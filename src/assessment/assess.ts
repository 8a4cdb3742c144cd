import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config, Probe, Report } from '../contract/index.ts'
import { threatNorms } from './battery.ts'
import { requireClasses, runClasses } from './classes/run-classes.ts'
import { type LoadedConfig, reportedPath } from './config/index.ts'
import { corruptionStrip } from './corruptions/strip.ts'
import { summariseCorruptions } from './corruptions/summary.ts'
import { describeProbe } from './describe-probe.ts'
import { answersDiffer, askAgain } from './endpoint.ts'
import { measureEvasion, noEvasion } from './evasion.ts'
import { recordMeasurements } from './evidence.ts'
import { configuredFeatures } from './features/index.ts'
import { findingsOf, worstFirst } from './findings.ts'
import { judgeGates } from './gates.ts'
import { withPictures } from './pictures.ts'
import type { ProbeRecord } from './probe-record.ts'
import type { Progress } from './progress.ts'
import { percent } from './report/format.ts'
import { type Picture, withVerdict } from './report/index.ts'
import { wordsFor } from './report/task-words.ts'
import { commandFor, commandForClass } from './reproduce.ts'
import { examplesPath, fittedPath, keepsExamples, type ProbeOptions } from './run-probe.ts'
import { openRunStore } from './run-store.ts'
import { describeData, describeModel, measureClean, openSubject } from './subject.ts'
import { answersThatAreNaN } from './unanswered.ts'
import { prepareReportFolder, writeReports } from './write-reports.ts'

export interface AssessOptions {
  readonly config: Config
  /** The file it was read from, where there is one. */
  readonly loaded?: LoadedConfig
  /** Keeps what an interrupted run on the same inputs finished. */
  readonly resume?: boolean
  /** Forgets what an endpoint answered before. */
  readonly askAgain?: boolean
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
  requireClasses(config.classes)
  const started = new Date()
  const root = loaded?.folder ?? process.cwd()
  const named = (path: string): string => reportedPath(root, path)
  const subject = await openSubject(
    config,
    threads,
    { root, resume: options.resume ?? false, askAgain: options.askAgain },
    configuredFeatures(config.features, loaded?.source),
  )
  try {
    progress.start('clean rows')
    const clean = await measureClean(subject, config.accuracy, config.error)
    // Reports on classifiers say nothing of a task: it is what they always were.
    const task = subject.task?.kind === 'classification' ? undefined : subject.task
    const words = wordsFor({ task })
    const { low, high, value, n } = clean.accuracy
    progress.end(
      `${task ? words.clean.toLowerCase() : 'accuracy'} ${percent(value)} (${percent(low)} to ${percent(high)}, n=${n})`,
    )
    const model = await describeModel(subject, named(config.model.path), config.model.path)
    const again =
      subject.endpoint && (await askAgain(subject.endpoint, subject.set, config.model.endpoint?.repeats ?? 0))
    const data = await describeData(subject, config.data, named)
    const surrogates = (subject.surrogates ?? []).map(({ path, sha256 }) => ({ name: named(path), sha256 }))
    const norms = threatNorms(config, subject.input)
    const { gates: _gates, out: _out, ...measured } = config
    const store = await openRunStore(
      root,
      {
        tool,
        model: model.sha256,
        data,
        measured: {
          ...measured,
          // How much an endpoint may be asked changes no figure; what its answers depend on is in its digest.
          model: { ...config.model, path: model.path, endpoint: undefined },
          threat: { ...config.threat, surrogates },
          data: 0,
        },
      },
      options.resume ?? false,
    )
    await prepareReportFolder(config.out)
    const run: ProbeOptions = { subject, store, seed: config.seed, progress: (done) => progress.update(done) }
    const evasion = config.classes.includes('evasion')
      ? await measureEvasion({ config, norms, run, progress, named })
      : noEvasion
    const { plan, battery, records, curves, checks, certified, transfer } = evasion
    const doubts = [...evasion.doubts, ...answersDiffer(again, records), ...answersThatAreNaN(records)]
    const outcomes = await runClasses(config.classes, (name) => ({
      config,
      loaded,
      subject,
      model,
      data,
      store,
      seed: config.seed,
      threads,
      progress,
      root,
      named,
      reproduce: commandForClass(name, config, { seed: config.seed, data, named, file: loaded?.path }),
    }))
    const reproduce = (record: ProbeRecord): string =>
      commandFor(record, config, { seed: config.seed, from: data.from, named, file: loaded?.path })
    const gates = (findings: number) =>
      judgeGates(config.gates, {
        clean: clean.accuracy,
        error: clean.error?.absolute,
        task,
        records,
        certified,
        classes: outcomes,
        rows: data.rows,
        findings,
        flags: doubts.length,
      })
    const context = { records, doubts, input: subject.input, rows: data.rows, task, reproduce }
    // Findings look at gates on accuracy; gates on the number of findings look at those.
    const findings = worstFirst([
      ...findingsOf({ ...context, gates: gates(0) }),
      ...outcomes.flatMap(({ findings: found }) => found),
    ])
    const judged = gates(findings.length)
    const pictures = new Map<string, Picture>(outcomes.flatMap(({ pictures: drawn }) => [...drawn]))
    const probes: Probe[] = []
    for (const planned of plan) {
      const record = records.find(({ id }) => id === planned.id)
      const probe = describeProbe(planned, record, judged, { doubts, checks }, record && reproduce(record))
      probes.push(
        record && keepsExamples(planned)
          ? await withPictures(
              probe,
              { examples: examplesPath(store, planned.id), fitted: fittedPath(store, planned.id) },
              { set: subject.set, input: subject.input, pictures },
            )
          : probe,
      )
    }
    probes.push(...outcomes.flatMap(({ probes: own }) => own))
    const corruptions = summariseCorruptions(records)
    const strip = corruptions && !task && (await corruptionStrip(corruptions, { ...run, records, pictures }))
    const about = {
      tool,
      ...(loaded && { config: { path: named(loaded.path), sha256: loaded.sha256 } }),
      seed: config.seed,
      model,
      data,
      clean,
    }
    progress.start('evidence')
    const evidence = await recordMeasurements({
      root,
      report: about,
      records,
      certified,
      transfer,
      claims: outcomes.flatMap(({ claims }) => claims),
      surrogates,
      named,
    })
    progress.end(`${evidence.digests.length} digests, signed and logged`)
    const report = withVerdict({
      schemaVersion: 1,
      ...about,
      input: subject.input,
      ...(task && { task }),
      threat: { access: config.threat.access, norms: [...norms] },
      probes,
      curves,
      ...(certified.length > 0 && { certified: [...certified] }),
      ...(corruptions && { corruptions: { ...corruptions, ...(strip && { strip }) } }),
      ...(transfer.length > 0 && { transfer }),
      findings: [...findings],
      gates: [...judged],
      ...(battery && { battery }),
      notRun: probes.flatMap(({ id, status, reason }) =>
        status === 'not run' ? [{ probe: id, reason: reason ?? '' }] : [],
      ),
      evidence,
      timing: {
        startedAt: started.toISOString(),
        seconds: (Date.now() - started.getTime()) / 1000,
        probes: Object.assign(
          Object.fromEntries(records.map(({ id, seconds }) => [id, seconds])),
          ...outcomes.map(({ seconds }) => seconds),
        ),
        ...(subject.endpoint && { endpoint: subject.endpoint.use() }),
      },
    })
    const files = await writeReports({ report, pictures, loaded, folder: config.out, root })
    return { report, files: files.map((file) => join(config.out, file)) }
  } finally {
    await subject.close()
  }
}
