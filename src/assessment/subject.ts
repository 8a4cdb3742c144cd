import { stat } from 'node:fs/promises'
import { argmaxRows } from '../base/argmax.ts'
import { BartizanError } from '../base/errors.ts'
import type { CleanInfo, Config, DataInfo, Figure, InputInfo, ModelInfo } from '../contract/index.ts'
import { checkLevels, checkRange, type DataSet, fileDigest, openData, viewAs } from '../data/index.ts'
import { splitPart } from '../data/open.ts'
import { type Classifier, type ClassifierOptions, openClassifier } from '../models/classifier.ts'
import { fedInUnits } from '../models/in-units.ts'
import { gradientRules } from '../onnx/autodiff/rules/index.ts'
import { ruleKey } from '../onnx/shapes/infer.ts'
import { sizeOf } from '../onnx/tensor.ts'
import { figure } from '../stats/index.ts'
import { targetOf } from '../threat/target.ts'
import { describeEndpoint, type EndpointRun, openEndpointSubject } from './endpoint.ts'
import { type FeatureSource, openFeatures } from './features/index.ts'
import { measureOutputs, refuseError } from './measure-outputs.ts'
import type { Subject } from './opened-subject.ts'
import { openSurrogates } from './surrogates.ts'
import { taskFor } from './task.ts'

export type { FileSubject, Subject } from './opened-subject.ts'

/** Opens both and sees the rows in the shape the model wants. `features`: what changed rows must keep to. */
export const openSubject = async (
  config: Config,
  threads: number,
  run: EndpointRun,
  features?: FeatureSource,
): Promise<Subject> => {
  const { model: modelConfig, data, threat } = config
  if (modelConfig.endpoint) return withFeatures(await openEndpointSubject(config, run), features)
  const { range, units, levels, shape } = modelConfig.input
  const { scale, mean, std } = modelConfig.preprocessing ?? {}
  const list = (value: number | readonly number[] | undefined) => (typeof value === 'number' ? [value] : value)
  const options: ClassifierOptions = {
    output: modelConfig.output,
    preprocessing: modelConfig.preprocessing && { scale, mean: list(mean), std: list(std) },
    threads,
  }
  const opened: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const release of opened.splice(0).reverse()) await release()
  }
  try {
    const several = data['label-columns']
    const model = await openForTask(
      modelConfig.path,
      { ...options, shape: shape ?? data.shape, task: modelConfig.task },
      several !== undefined,
    )
    opened.push(model.release)
    const task = taskFor(model, threat.goal)
    const set = await openData({
      ...data,
      labelColumns: several,
      labelsAs: task.kind === 'classification' ? 'classes' : 'numbers',
      as: model.input.dtype.startsWith('int') ? 'int64' : 'float32',
    })
    opened.push(() => set.close())
    if (!set.hasLabels)
      throw new BartizanError(
        'DATA_LABEL_INVALID',
        `${data.path} has no labels, and accuracy can't be measured without`,
        { hint: 'name a labels file (data.labels) or a column (data.label)' },
      )
    const input = { range, ...(levels && { levels }), units: units ?? 'input units', shape: model.input.dims }
    const constrained =
      features &&
      (await openFeatures(features, {
        set: viewAs(set, model.input.dims),
        input,
        preprocessing: options.preprocessing,
        reopen: (preprocessing) =>
          openClassifier(modelConfig.path, {
            ...options,
            shape: model.input.dims,
            task: task.kind,
            preprocessing,
          }),
      }))
    if (constrained?.units) opened.push(constrained.units.model.release)
    const surrogates = await openSurrogates(threat.surrogates ?? [], model, { ...options, task: task.kind })
    opened.push(...surrogates.map(({ release }) => release))
    const { preprocessing } = constrained ?? {}
    const fedAlike = preprocessing
      ? await openSurrogates(threat.surrogates ?? [], model, { ...options, preprocessing, task: task.kind })
      : undefined
    opened.push(...(fedAlike ?? []).map(({ release }) => release))
    return {
      model,
      file: model,
      set: viewAs(set, model.input.dims),
      task,
      surrogates,
      input: constrained?.input ?? input,
      constraints: constrained?.constraints,
      units: constrained?.units && { ...constrained.units, surrogates: fedAlike },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A subject whose model has no preprocessing of ours, with the constraints of its features. */
const withFeatures = async (subject: Subject, features: FeatureSource | undefined): Promise<Subject> => {
  if (!features) return subject
  try {
    const { constraints, units, input } = await openFeatures(features, {
      set: subject.set,
      input: subject.input,
      preprocessing: undefined,
      reopen: async (_, units) => fedInUnits(subject.model, units),
    })
    return { ...subject, constraints, units, input }
  } catch (error) {
    await subject.close()
    throw error
  }
}

/** Where nothing says what the model predicts, and several columns are to be predicted, they are labels, or numbers. */
export const openForTask = async (
  path: string,
  options: ClassifierOptions,
  severalColumns: boolean,
): Promise<Classifier> => {
  const model = await openClassifier(path, options)
  if ((options.task ?? 'auto') !== 'auto' || !severalColumns || model.output.kind === 'numbers') return model
  await model.release()
  return openClassifier(path, { ...options, task: 'multi-label' })
}

const rowsAtOnce = 256

/**
 * Accuracy on the clean rows, every value and label checked on the way. Throws MODEL_ACCURACY_UNEXPECTED where it is
 * far from what was declared: wrong preprocessing makes every number after it worthless.
 */
export const measureClean = async (
  { model, set, input, task }: Subject,
  declared: Config['accuracy'],
  error?: Config['error'],
): Promise<CleanInfo> => {
  if (error && task?.kind !== 'regression')
    throw new BartizanError(
      'CONFIG_INVALID',
      'error declares the error of a regression; this model predicts no numbers',
      {
        hint: 'declare accuracy instead',
      },
    )
  if (task && task.kind !== 'classification') {
    const clean = await measureOutputs({ model, set, input, task })
    if (declared && Math.abs(clean.accuracy.value - declared.declared) > declared.tolerance)
      throw unexpected(clean.accuracy, declared, input)
    refuseError(clean, error)
    return {
      ...clean,
      ...(clean.error && error && { error: { ...clean.error, declared: error.declared } }),
      declared: declared?.declared,
      tolerance: declared?.tolerance,
    }
  }
  const target = targetOf(model, 'scores')
  let right = 0
  const unanswered: number[] = []
  for await (const batch of set.batches(rowsAtOnce)) {
    checkRange(set, batch, input.range[0], input.range[1])
    checkLevels(set, batch, input)
    const logits = await target.logits(batch.x as Float32Array, batch.rows)
    const classes = argmaxRows(logits, model.classes)
    for (let row = 0; row < batch.rows; row++) {
      const scores = logits.subarray(row * model.classes, (row + 1) * model.classes)
      checkLabel(set, batch.from + row, scores.length, batch.y![row]!)
      if (scores.some(Number.isNaN)) unanswered.push(set.offset + batch.from + row)
      if (classes[row] === batch.y![row]) right++
    }
  }
  if (unanswered.length > 0) throw answeredNaN(set, unanswered)
  const accuracy = figure(right, set.rows)
  if (declared && Math.abs(accuracy.value - declared.declared) > declared.tolerance)
    throw unexpected(accuracy, declared, input)
  return { accuracy, declared: declared?.declared, tolerance: declared?.tolerance }
}

const checkLabel = (set: DataSet, row: number, classes: number, label: number): void => {
  if (label >= 0 && label < classes) return
  throw new BartizanError(
    'DATA_LABEL_INVALID',
    `row ${set.offset + row} of ${set.path} has label ${label}, but the model knows classes 0 to ${classes - 1}`,
    { hint: 'labels count from 0; is this the data set that the model was trained for?', data: { row, label } },
  )
}

/** How often, and where first. `rows`: as the file counts them. */
const answeredNaN = (set: DataSet, rows: readonly number[]): BartizanError =>
  new BartizanError(
    'MODEL_OUTPUT_INVALID',
    `the model gives NaN for row ${rows[0]} of ${set.path}${rows.length > 1 ? ` and ${rows.length - 1} more` : ''}: ${rows.length} of ${set.rows} rows`,
    {
      hint: 'look at these rows and at the preprocessing; a model that gives NaN on real rows is broken',
      data: { row: rows[0]! - set.offset, rows: rows.length, of: set.rows },
    },
  )

const unexpected = (
  accuracy: Figure,
  { declared, tolerance }: NonNullable<Config['accuracy']>,
  { range }: InputInfo,
): BartizanError =>
  new BartizanError(
    'MODEL_ACCURACY_UNEXPECTED',
    `accuracy on ${accuracy.n} clean rows is ${accuracy.value.toFixed(4)}, but ${declared} was declared (tolerance ${tolerance}): nothing was attacked`,
    {
      hint: `most often the preprocessing is wrong: rows are fed in the range [${range.join(', ')}]; check data.scale and model.preprocessing (mean, std), the order of the classes and the axes, or correct accuracy.declared`,
      data: { measured: accuracy.value, declared },
    },
  )

/** What the report says of the model. */
export const describeModel = async (
  { file: model, endpoint }: Subject,
  path: string,
  file: string,
): Promise<ModelInfo> => {
  if (endpoint) return describeEndpoint(endpoint)
  if (!model) throw new BartizanError('INTERNAL', `${path} was not opened from a file`)
  const { graph, opsets, producerName, producerVersion, metadata } = model.source
  const tensors = (list: typeof graph.inputs) =>
    list.map(({ name, dtype, dims }) => ({
      name,
      type: dtype,
      shape: (dims ?? []).map((dim) => (typeof dim === 'string' && dim.startsWith('?') ? null : dim)),
    }))
  const missing = new Set(model.model.graph.nodes.map(ruleKey).filter((key) => !gradientRules.has(key)))
  return {
    path,
    sha256: model.sha256,
    bytes: (await stat(file)).size,
    inputs: tensors(graph.inputs.filter(({ name }) => !graph.initializers.has(name))),
    outputs: tensors(graph.outputs),
    parameters: [...graph.initializers.values()].reduce((sum, { dims }) => sum + sizeOf(dims), 0),
    opset: Object.fromEntries(Object.entries(opsets).map(([domain, version]) => [domain || 'ai.onnx', version])),
    producer: `${producerName} ${producerVersion}`.trim() || 'unknown',
    outputKind: model.output.kind,
    differentiable: model.differentiable.ok,
    ...(!model.differentiable.ok && { notDifferentiable: [...missing].sort() }),
    ...(Object.keys(metadata).length > 0 && { metadata: { ...metadata } }),
  }
}

/** Of the file, where a part of it is named after #. */
const digestOf = async (path: string): Promise<string> => fileDigest((await splitPart(path)).file)

/** What the report says of the rows. Paths are named by `named`. */
export const describeData = async (
  { set, model }: Subject,
  config: Config['data'],
  named: (path: string) => string,
): Promise<DataInfo> => ({
  path: named(config.path),
  sha256: await digestOf(config.path),
  ...(config.labels && { labels: { path: named(config.labels), sha256: await digestOf(config.labels) } }),
  rows: set.rows,
  from: set.offset,
  to: set.offset + set.rows,
  classes: model.classes,
  ...(set.classes && { classNames: [...set.classes] }),
})
