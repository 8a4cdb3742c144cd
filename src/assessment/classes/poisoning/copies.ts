import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { canonicalJson, sha256 } from '../../../base/canonical-json.ts'
import { BartizanError } from '../../../base/errors.ts'
import { writeAtomically } from '../../../data/index.ts'
import { defenses } from '../../../defenses/index.ts'
import { type Classifier, type ClassifierOptions, classifierFrom } from '../../../models/classifier.ts'
import { readModel, writeModel } from '../../../onnx/index.ts'
import type { Model } from '../../../onnx/types.ts'
import type { DefenseContext } from '../../../threat/defense.ts'
import { type AnyParameters, resolveParameters } from '../../../threat/parameters.ts'
import type { LabelledRows } from '../../../threat/poisoning.ts'
import { memoryStore } from '../../../training/row-store.ts'
import { attackNamed } from '../../battery.ts'
import type { RunStore } from '../../run-store.ts'

/** A small copy of the model, trained on some rows. */
export interface Copy {
  readonly model: Model
  /** Where training didn't end well: what it says. */
  readonly failed?: string
}

/** Trains copies of a model, each set of rows once, and keeps them while the run lasts: a resumed run trains none again. */
export interface Copies {
  /** `told`: share of this copy that is done. */
  train(rows: LabelledRows, told: (done: number) => void): Promise<Copy>
  /** Opens a copy as the model was; the caller releases it. */
  open(copy: Copy): Promise<Classifier>
  /** Removes what is kept. */
  clear(): Promise<void>
}

interface CopiesRequest {
  readonly model: Classifier
  readonly output: ClassifierOptions['output']
  /** As `resolveRecipe` gives it. */
  readonly recipe: AnyParameters
  readonly low: number
  readonly high: number
  readonly seed: number
  readonly store: RunStore
}

/** The user's recipe, checked; weights are drawn anew unless it says otherwise. Throws USAGE. */
export const resolveRecipe = (params: AnyParameters, epochs: number | undefined): AnyParameters =>
  resolveParameters('training.params', defenses.get('standard')!.parameters, {
    from: 'scratch',
    ...params,
    ...(epochs !== undefined && { epochs }),
  })

/** All that a copy depends on besides model, recipe and seed. */
export const digestOfRows = ({ x, labels }: LabelledRows): string => {
  const hash = createHash('sha256')
  for (const part of [x, labels]) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  return hash.digest('hex')
}

/** Copies lie in files of the run's folder, named by what they learned from. */
export const openCopies = (request: CopiesRequest): Copies => {
  const { model, output, recipe, store } = request
  const opening: ClassifierOptions = { output, preprocessing: model.preprocessing, shape: model.input.dims, threads: 1 }
  const open: DefenseContext['open'] = (source, options) =>
    classifierFrom(source, { ...opening, ...options, path: model.path, sha256: model.sha256 })
  const running = new Map<string, Promise<Kept>>()
  const train = async (rows: LabelledRows, name: string, told: (done: number) => void): Promise<Kept> => {
    const kept = await store.load<Kept>(name)
    if (kept && (await modelAt(store, name, kept))) return kept
    const { model: trained, stopped } = await defenses.get('standard')!.run(
      {
        source: model.source,
        open,
        inputDims: model.input.dims,
        training: memoryStore(rows.x, rows.labels),
        validation: memoryStore(new Float32Array(), new Int32Array()),
        norm: 'linf',
        epsilon: 0,
        low: request.low,
        high: request.high,
        attack: attackNamed,
        seed: request.seed,
        // One thread a copy: several are trained at once, and no figure depends on how many.
        threads: 1,
        subject: name,
        progress: (now) =>
          told('stage' in now ? now.done : (now.epoch - 1 + now.step / Math.max(1, now.steps)) / now.epochs),
      },
      recipe,
    )
    const bytes = writeModel(trained)
    await writeAtomically(store.path(`${name}.onnx`), (file) => file.write(bytes))
    const failed = stopped?.reason === 'diverged' ? stopped.detail : undefined
    const result = { sha256: sha256(bytes), ...(failed !== undefined && { failed }) }
    await store.save(name, result)
    return result
  }
  return {
    async train(rows, told) {
      const name = `copy-${sha256(canonicalJson({ rows: digestOfRows(rows), recipe, seed: request.seed })).slice(0, 16)}`
      const begun = running.get(name) ?? train(rows, name, told)
      running.set(name, begun)
      const kept = await begun
      told(1)
      const copy = await modelAt(store, name, kept)
      if (!copy)
        throw new BartizanError(
          'FILE_UNREADABLE',
          `${store.path(`${name}.onnx`)} is gone or was changed during the run`,
          {
            hint: 'run again with --resume: what is missing is trained again',
          },
        )
      return { model: copy, ...(kept.failed !== undefined && { failed: kept.failed }) }
    },
    open: ({ model: source }) => open(source),
    async clear() {
      for (const name of running.keys()) {
        await rm(store.path(`${name}.onnx`), { force: true })
        await rm(store.path(`${name}.json`), { force: true })
      }
    },
  }
}

interface Kept {
  readonly sha256: string
  readonly failed?: string
}

/** The file of a copy; undefined where it is gone or not what was written. */
const modelAt = async (store: RunStore, name: string, kept: Kept): Promise<Model | undefined> => {
  const bytes = await readFile(store.path(`${name}.onnx`)).catch(() => undefined)
  return bytes && sha256(bytes) === kept.sha256 ? readModel(bytes) : undefined
}
