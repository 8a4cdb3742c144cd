import { sha256 } from '../../../base/canonical-json.ts'
import { type Classifier, type ClassifierOptions, classifierFrom } from '../../../models/classifier.ts'
import { writeModel } from '../../../onnx/index.ts'
import type { Model } from '../../../onnx/types.ts'
import { buildArchitecture, type Layer } from '../../../training/architecture/index.ts'
import { trainingGraph, withOwnWeights } from '../../../training/training-mode/index.ts'
import type { FreshNetwork } from './training.ts'

/** Draws the weights of a model anew: what they would be before any training. */
export type DrawAnew = (model: Classifier, names: readonly string[], seed: number) => Model

/** The network of an architecture, its weights drawn by the seed; the caller releases it. */
export const networkOf = async (
  layers: readonly Layer[],
  { input, classes, seed }: { readonly input: readonly number[]; readonly classes: number; readonly seed: number },
  opening: ClassifierOptions,
): Promise<FreshNetwork> => trainable(buildArchitecture(layers, { input, classes, seed }), opening)

/** The graph of a model with its weights drawn anew; nothing is left of what it has learned. */
export const networkLike = async (
  model: Model,
  seed: number,
  opening: ClassifierOptions,
  drawAnew: DrawAnew,
): Promise<FreshNetwork> => {
  const source = withOwnWeights(model)
  const probe = await opened(source, opening)
  try {
    return await trainable(drawAnew(probe, trainingGraph(probe).trainable, seed), opening)
  } finally {
    await probe.release()
  }
}

const trainable = async (source: Model, opening: ClassifierOptions): Promise<FreshNetwork> => {
  const probe = await opened(source, opening)
  try {
    const trained = trainingGraph(probe)
    const names = [...trained.trainable, ...trained.statistics.map(({ name }) => name)]
    return { model: await opened(source, { ...opening, trainable: names }), trained }
  } finally {
    await probe.release()
  }
}

const opened = (source: Model, opening: ClassifierOptions): Promise<Classifier> =>
  classifierFrom(source, { ...opening, path: 'untrained network', sha256: sha256(writeModel(source)) })
