import { canonicalJson, sha256 } from '../../base/canonical-json.ts'
import { type Hardening, hardeningSchemaVersion, type ModelMeasurement } from '../../contract/index.ts'
import { writeAtomically } from '../../data/index.ts'
import { smoothingMetadata } from '../../defenses/smoothing/index.ts'
import { type Classifier, classifierFrom, openClassifier } from '../../models/classifier.ts'
import { drawsAtRandom } from '../../models/draws-at-random.ts'
import { writeModel } from '../../onnx/index.ts'
import type { Hardened } from '../../threat/defense.ts'
import { attackNamed } from '../battery.ts'
import { openRunStore } from '../run-store.ts'
import { withTriggered } from './backdoor.ts'
import { measureCertified } from './certified.ts'
import { recordHardening } from './evidence.ts'
import { type Measured, measureModel } from './measure.ts'
import type { MeasureRequest } from './measure-request.ts'
import { aimOf } from './methods.ts'
import type { HardenRequest } from './request.ts'
import { type HardeningRows, openHardeningRows } from './rows.ts'
import { trainingLine } from './training-line.ts'
import { judgeHardening } from './verdict.ts'
import { withVotes } from './vote.ts'

/**
 * Makes a better model of a model and proves it: measures the one, runs the method, writes the new file, measures what
 * was written in the same way, on rows that nothing was trained on, and records verdict and figures as evidence. The
 * new file is there before it is measured, and stays whatever the verdict.
 */
export const harden = async (request: HardenRequest): Promise<Hardening> => {
  const { model, method, parameters, progress, seed, named, out } = request
  const started = new Date()
  progress.start('rows')
  const rows = await openHardeningRows(request)
  try {
    const { training, validation, assessment, attacked } = rows.info
    progress.end(
      `${training.rows} to train, ${validation.rows} to validate, ${assessment.rows} to assess` +
        (request.epsilons.length > 0 ? ` (${attacked} attacked)` : ''),
    )
    const before = await measured(model, rows, request, 'before')
    progress.start(method.id)
    const began = performance.now()
    const hardened = await method.run(contextFor(request, rows), parameters)
    const seconds = (performance.now() - began) / 1000
    const bytes = writeModel(hardened.model)
    await writeAtomically(out, (file) => file.write(bytes))
    progress.end(endOf(hardened))
    const after = await openClassifier(out, request.opening)
    try {
      const measurement = await measured(after, rows, request, 'after')
      const votes = await withVotes([model, after], [before.measurement, measurement.measurement], rows.assessed)
      const certified = await withCertificates(model, after, votes, rows, request)
      const pair = await withTriggered([model, after], certified, rows.assessed, hardened.trigger)
      const judged = {
        aim: aimOf(method),
        threat: { norm: request.norm, epsilons: [...request.epsilons].sort((a, b) => a - b), battery: request.battery },
        params: parameters,
        maxCleanDrop: request.maxCleanDrop,
        before: pair[0],
        after: pair[1],
        ...(hardened.stopped && { stopped: hardened.stopped }),
      }
      const result = {
        schemaVersion: hardeningSchemaVersion,
        tool: request.tool,
        method: method.id,
        about: { title: method.title, reference: method.reference, holds: method.holds },
        ...judged,
        seed,
        model: {
          before: {
            path: named(model.path),
            sha256: model.sha256,
            ...(request.architecture && { architecture: request.architecture }),
          },
          after: { path: named(out), sha256: after.sha256 },
        },
        data: rows.info,
        input: request.input,
        ...judgeHardening(judged),
        epochs: hardened.epochs,
        notes: notesOf(request, rows, hardened, after, pair[1]),
        timing: {
          startedAt: started.toISOString(),
          seconds: (Date.now() - started.getTime()) / 1000,
          hardening: seconds,
          latency: { before: before.latency, after: measurement.latency },
        },
      } as const
      return { ...result, evidence: await recordHardening(result, request) }
    } finally {
      await after.release()
    }
  } finally {
    await rows.close()
  }
}

const endOf = ({ stopped, epochs }: Hardened): string => {
  const best = epochs.findLast((epoch) => epoch.best)
  const kept = best ? `, weights of epoch ${best.epoch}` : ''
  return stopped ? `${stopped.reason}: ${stopped.detail}${kept}` : 'done'
}

const contextFor = (request: HardenRequest, rows: HardeningRows): Parameters<HardenRequest['method']['run']>[0] => {
  const { model, opening, input, norm, epsilons, checkpoint, resume, seed, threads, progress } = request
  const { mean, std, scale } = opening.preprocessing ?? {}
  return {
    source: model.source,
    open: (source, options) =>
      classifierFrom(source, { ...opening, ...options, path: model.path, sha256: model.sha256 }),
    inputDims: model.input.dims,
    training: rows.training,
    validation: rows.validation,
    ...(rows.sources && { sources: rows.sources }),
    norm,
    epsilon: Math.max(0, ...epsilons),
    low: input.range[0],
    high: input.range[1],
    attack: attackNamed,
    seed,
    threads,
    subject: sha256(canonicalJson({ model: model.sha256, rows: rows.digest, mean, std, scale })),
    ...(checkpoint !== undefined && { checkpoint: { path: checkpoint, resume } }),
    progress: trainingLine(progress),
  }
}

const measuring = (model: Classifier, rows: HardeningRows, request: HardenRequest): Omit<MeasureRequest, 'store'> => {
  const { input, norm, epsilons, battery, seed, threads, progress } = request
  return {
    model,
    rows: rows.assessed,
    attacked: rows.attacked,
    input,
    norm,
    epsilons,
    battery,
    seed,
    threads,
    progress,
  }
}

/** One of the two models; the probes that an interrupted run finished are kept with --resume. */
const measured = async (
  model: Classifier,
  rows: HardeningRows,
  request: HardenRequest,
  when: 'before' | 'after',
): Promise<Measured> => {
  const { root, tool, seed, norm, attackRows, battery, input, progress, resume, opening } = request
  const { mean, std, scale } = opening.preprocessing ?? {}
  const inputs = { model: model.sha256, rows: rows.digest, seed, norm, attackRows, battery, input, mean, std, scale }
  const store = await openRunStore(root, { tool, hardening: inputs }, resume)
  const start = (step: string): void => progress.start(`${when}: ${step}`)
  return measureModel({ ...measuring(model, rows, request), store, progress: { ...progress, start } })
}

/** Where the new file asks for smoothing, both models are certified under that same smoothing. */
const withCertificates = async (
  before: Classifier,
  after: Classifier,
  [was, is]: readonly [ModelMeasurement, ModelMeasurement],
  rows: HardeningRows,
  request: HardenRequest,
): Promise<readonly [ModelMeasurement, ModelMeasurement]> => {
  const smoothing = smoothingMetadata(after.source)
  if (!smoothing) return [was, is]
  const certified = (model: Classifier) => measureCertified(measuring(model, rows, request), smoothing)
  return [
    { ...was, certified: await certified(before) },
    { ...is, certified: await certified(after) },
  ]
}

const notesOf = (
  { method, epsilons, test }: HardenRequest,
  rows: HardeningRows,
  { notes }: Hardened,
  after: Classifier,
  { certified }: ModelMeasurement,
): readonly string[] => [
  method.holds,
  ...notes,
  ...rows.notes,
  ...(test
    ? []
    : ['Give rows of another origin with --test where you have them: held-out rows are of the same source.']),
  ...(epsilons.length === 0 ? ['No budget was given (--eps): nothing was attacked, and robustness is not known.'] : []),
  ...(drawsAtRandom(after)
    ? [
        'The model draws at random in every run, from a source that no seed reaches: figures differ a little from run to run. Each candidate is judged by one draw, and one attack averages its gradients over 16 draws a step.',
      ]
    : []),
  ...(certified
    ? [
        `Certificates are for the smoothed classifier (sigma ${certified.sigma}, ${certified.n} noisy copies a row here), both models under the same noise; attacks and clean accuracy are of the bare model.`,
      ]
    : []),
]
