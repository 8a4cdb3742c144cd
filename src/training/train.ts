import { setImmediate } from 'node:timers/promises'
import { BartizanError } from '../base/errors.ts'
import type { Classifier } from '../models/classifier.ts'
import type { Optimiser } from '../onnx/optimisers.ts'
import { tensor } from '../onnx/tensor.ts'
import type { Augment } from './augment.ts'
import { dropoutMasks, readBatch } from './batch.ts'
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts'
import { divergence, follow } from './divergence.ts'
import { type Arrays, gradientStep, openedWeights, type TrainedGraph } from './gradient-step.ts'
import type { Objective } from './objective.ts'
import { shuffled } from './order.ts'
import { afterStep, atStart, type EpochRecord, means, type Position, type Validation } from './position.ts'
import type { RowStore } from './row-store.ts'
import type { Schedule } from './schedule.ts'
import { type OptimiserState, updateStep } from './update-step.ts'

export interface TrainProgress {
  readonly epoch: number
  readonly epochs: number
  readonly step: number
  readonly steps: number
  /** Means of this epoch so far. */
  readonly loss: number
  readonly accuracy: number
}

export interface TrainRequest {
  /** Opened with `trainable` naming every weight and running statistic of `trained`. */
  readonly model: Classifier
  readonly trained: TrainedGraph
  readonly store: RowStore
  readonly objective: Objective
  readonly optimiser: Optimiser
  readonly schedule: Schedule
  readonly epochs: number
  /** Rows a step. */
  readonly batch: number
  readonly augment?: Augment
  /** What a row of each class counts; all the same where not given. */
  readonly classWeights?: Float32Array
  /** Largest L2 norm of a step's gradient; larger ones are scaled down to it. */
  readonly clip?: number
  readonly seed: number
  readonly threads: number
  /** Called after each epoch. */
  readonly validate?: (now: Classifier) => Promise<Validation>
  /** Stops after so many epochs without a better validation. */
  readonly patience?: number
  /**
   * Robust accuracy on a few rows, measured every so many steps: a fall by more than `drop` from the best is
   * catastrophic overfitting (Wong et al. 2020, arXiv:2001.03994).
   */
  readonly watch?: {
    readonly every: number
    readonly drop: number
    measure(now: Classifier): Promise<number>
  }
  readonly checkpoint?: {
    readonly path: string
    /** Digest of all that the run depends on. */
    readonly run: string
    /** Goes on from the file if it is there. */
    readonly resume: boolean
    readonly everySeconds: number
  }
  readonly progress?: (progress: TrainProgress) => void
}

export type StopReason = 'finished' | 'early stopping' | 'diverged' | 'catastrophic overfitting'

export interface TrainOutcome {
  /** Those of the best epoch; of the last one where nothing was validated; the last good ones of a run that failed. */
  readonly weights: Arrays
  readonly epochs: readonly EpochRecord[]
  readonly stopped: { readonly reason: StopReason; readonly detail: string }
}

/**
 * Trains a network: the loop that every defence, shadow model and patch shares. Same seed, same weights; a run that was
 * killed goes on from its checkpoint as if it had not been. Throws RUN_CONFLICT for a checkpoint of another run,
 * DATA_SHAPE_MISMATCH where there are no rows.
 */
export const train = async (request: TrainRequest): Promise<TrainOutcome> => {
  const { model, trained, store, objective, seed, threads, epochs, batch, checkpoint } = request
  if (store.rows === 0) throw new BartizanError('DATA_SHAPE_MISMATCH', 'there are no rows to train on')
  const initial = openedWeights(trained)
  const kept = checkpoint?.resume ? await loadCheckpoint<Position>(checkpoint.path, checkpoint.run) : undefined
  const gradients = await gradientStep(model, { trained, objective, threads })
  const dims = new Map(trained.trainable.map((name) => [name, trained.graph.initializers.get(name)!.dims]))
  const update = await updateStep(dims, request.optimiser, { clip: request.clip, threads })
  let at = kept?.progress ?? atStart
  let state: OptimiserState = kept
    ? { weights: kept.arrays.weights!, slots: kept.arrays.slots! }
    : update.start(initial)
  let best: Arrays = kept?.arrays.best ?? initial
  // The best that the watch has seen: what an overfitting run falls back to before its first epoch is over.
  let watchedBest: Arrays = kept?.arrays.watched ?? initial
  // Batch statistics of a few last rows would be noise: with them, only full batches are learned from.
  const full = trained.statistics.length > 0 && store.rows > batch
  const stepsAnEpoch = full ? Math.floor(store.rows / batch) : Math.ceil(store.rows / batch)
  let saved = performance.now()
  const save = async (): Promise<void> => {
    if (!checkpoint) return
    const arrays = { weights: state.weights, slots: state.slots, best, ...(request.watch && { watched: watchedBest }) }
    await saveCheckpoint(checkpoint.path, { run: checkpoint.run, progress: at, arrays })
    saved = performance.now()
  }
  const done = (reason: StopReason, detail: string, weights = best): TrainOutcome => ({
    weights,
    epochs: at.records,
    stopped: { reason, detail },
  })
  try {
    while (at.epoch < epochs) {
      if (request.patience !== undefined && at.sinceBest >= request.patience)
        return done('early stopping', `no better validation for ${at.sinceBest} epochs`)
      const order = shuffled(store.rows, seed, at.epoch)
      while (at.step < stepsAnEpoch) {
        const rows = await readBatch(
          order.subarray(at.step * batch, (at.step + 1) * batch),
          { epoch: at.epoch, done: at.steps / (epochs * stepsAnEpoch) },
          request,
        )
        const prepared = await prepare(request, state.weights, rows)
        const sums = await gradients.run(state.weights, {
          rows: rows.rows,
          x: prepared.x ?? rows.x,
          labels: rows.labels,
          importance: importanceOf(rows.labels, request.classWeights),
          inputs: prepared.inputs ?? {},
          masks: dropoutMasks(rows, trained.masks),
        })
        const loss = sums.loss / rows.rows
        const next = await update.run(state, {
          gradients: sums.gradients,
          scale: 1 / rows.rows,
          rate: request.schedule(at.steps, epochs * stepsAnEpoch),
          step: at.steps + 1,
        })
        const course = follow(at.course, loss)
        const failed = divergence(course, {
          loss,
          gradientNorm: next.gradientNorm,
          guessing: Math.log(model.classes),
        })
        if (failed) return done('diverged', `in step ${at.step + 1} of epoch ${at.epoch + 1} ${failed}`)
        // What this step began with has just shown that it is good; what it leads to hasn't yet.
        if (checkpoint && performance.now() - saved > checkpoint.everySeconds * 1000) await save()
        state = { weights: new Map([...next.weights, ...sums.statistics]), slots: next.slots }
        at = afterStep(at, { course, loss, right: sums.right, rows: rows.rows })
        request.progress?.({ epoch: at.epoch + 1, epochs, step: at.step, steps: stepsAnEpoch, ...means(at) })
        const fall = await watched(request, state.weights, at)
        if (fall.failed)
          return done('catastrophic overfitting', fall.failed, at.records.length > 0 ? best : watchedBest)
        if (fall.best > at.bestWatched) watchedBest = copied(state.weights)
        at = { ...at, bestWatched: fall.best }
        // Signals are only heard between turns of the event loop.
        await setImmediate()
      }
      // No step follows that would show it.
      const lost = [...state.weights].find(([, values]) => !values.every(Number.isFinite))
      if (lost) return done('diverged', `after epoch ${at.epoch + 1} "${lost[0]}" holds values that are no numbers`)
      const validation = await withModel(request, state.weights, request.validate)
      const score = validation ? (validation.robustAccuracy ?? validation.accuracy) : at.epoch
      const isBest = score > at.bestScore
      if (isBest) best = copied(state.weights)
      const rate = request.schedule(at.steps - 1, epochs * stepsAnEpoch)
      const record = { epoch: at.epoch + 1, ...means(at), rate, ...(validation && { validation }), best: isBest }
      at = {
        ...at,
        epoch: at.epoch + 1,
        step: 0,
        sums: atStart.sums,
        records: [...at.records, record],
        bestScore: Math.max(score, at.bestScore),
        sinceBest: isBest ? 0 : at.sinceBest + 1,
      }
      await save()
    }
    return done('finished', `all ${epochs} epochs`)
  } catch (cause) {
    // Such as Ctrl-C, which `progress` throws: what is done by then is not lost.
    await save().catch(() => undefined)
    throw cause
  } finally {
    await gradients.release()
    await update.release()
  }
}

/** Values to keep: those of the run itself are overwritten. */
const copied = (arrays: Arrays): Arrays => new Map([...arrays].map(([name, values]) => [name, values.slice()]))

/** The network with the weights as they are, for as long as `use` takes. */
const withModel = async <T>(
  { model, trained }: TrainRequest,
  weights: Arrays,
  use: ((now: Classifier) => Promise<T>) | undefined,
): Promise<T | undefined> => {
  if (!use) return undefined
  const shapes = trained.graph.initializers
  const now = model.withWeights(
    new Map([...weights].map(([name, data]) => [name, tensor('float32', shapes.get(name)!.dims, data)])),
  )
  try {
    return await use(now)
  } finally {
    await now.release()
  }
}

const prepare = async (request: TrainRequest, weights: Arrays, rows: Awaited<ReturnType<typeof readBatch>>) => {
  const { objective } = request
  return (await withModel(request, weights, objective.prepare && ((now) => objective.prepare!(rows, now)))) ?? {}
}

const importanceOf = (labels: Int32Array, classWeights: Float32Array | undefined): Float32Array =>
  Float32Array.from(labels, (label) => classWeights?.[label] ?? 1)

const watched = async (
  request: TrainRequest,
  weights: Arrays,
  { steps, bestWatched }: Position,
): Promise<{ readonly best: number; readonly failed?: string }> => {
  const { watch } = request
  if (!watch || steps % watch.every !== 0) return { best: bestWatched }
  const accuracy = (await withModel(request, weights, (now) => watch.measure(now)))!
  if (accuracy < bestWatched - watch.drop)
    return {
      best: bestWatched,
      failed: `robust accuracy on the watched rows fell from ${percent(bestWatched)} to ${percent(accuracy)} within step ${steps}`,
    }
  return { best: Math.max(bestWatched, accuracy) }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
