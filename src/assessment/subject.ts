import { stat } from 'node:fs/promises'
import { BartizanError } from '../base/errors.ts'
import type { CleanInfo, Config, DataInfo, Figure, InputInfo, ModelInfo } from '../contract/index.ts'
import { checkRange, type DataSet, fileDigest, openData, viewAs } from '../data/index.ts'
import { type Classifier, openClassifier } from '../models/classifier.ts'
import { gradientRules } from '../onnx/autodiff/rules/index.ts'
import { ruleKey } from '../onnx/shapes/infer.ts'
import { sizeOf } from '../onnx/tensor.ts'
import { figure } from '../stats/index.ts'
import { argmaxRows, targetOf } from '../threat/target.ts'

/** The model and the rows it is measured on, opened and fitting one another. */
export interface Subject {
  readonly model: Classifier
  readonly set: DataSet
  readonly input: InputInfo
  close(): Promise<void>
}

/** Opens both and sees the rows in the shape the model wants. */
export const openSubject = async ({ model: modelConfig, data }: Config, threads: number): Promise<Subject> => {
  const { range, units, shape } = modelConfig.input
  const { scale, mean, std } = modelConfig.preprocessing ?? {}
  const list = (value: number | readonly number[] | undefined) => (typeof value === 'number' ? [value] : value)
  const model = await openClassifier(modelConfig.path, {
    shape: shape ?? data.shape,
    output: modelConfig.output,
    preprocessing: modelConfig.preprocessing && { scale, mean: list(mean), std: list(std) },
    threads,
  })
  const set = await openData({ ...data, as: model.input.dtype.startsWith('int') ? 'int64' : 'float32' })
  if (!set.hasLabels) {
    await set.close()
    throw new BartizanError(
      'DATA_LABEL_INVALID',
      `${data.path} has no labels, and accuracy can't be measured without`,
      {
        hint: 'name a labels file (data.labels) or a column (data.label)',
      },
    )
  }
  return {
    model,
    set: viewAs(set, model.input.dims),
    input: { range, units: units ?? 'input units', shape: model.input.dims },
    async close() {
      await set.close()
      await model.release()
    },
  }
}

const rowsAtOnce = 256

/**
 * Accuracy on the clean rows, every value and label checked on the way. Throws MODEL_ACCURACY_UNEXPECTED where it is
 * far from what was declared: wrong preprocessing makes every number after it worthless.
 */
export const measureClean = async (
  { model, set, input }: Subject,
  declared: Config['accuracy'],
): Promise<CleanInfo> => {
  const target = targetOf(model, 'scores')
  let right = 0
  for await (const batch of set.batches(rowsAtOnce)) {
    checkRange(set, batch, input.range[0], input.range[1])
    const logits = await target.logits(batch.x as Float32Array, batch.rows)
    const classes = argmaxRows(logits, model.classes)
    for (let row = 0; row < batch.rows; row++) {
      checkRow(set, batch.from + row, logits.subarray(row * model.classes, (row + 1) * model.classes), batch.y![row]!)
      if (classes[row] === batch.y![row]) right++
    }
  }
  const accuracy = figure(right, set.rows)
  if (declared && Math.abs(accuracy.value - declared.declared) > declared.tolerance)
    throw unexpected(accuracy, declared, input)
  return { accuracy, declared: declared?.declared, tolerance: declared?.tolerance }
}

const checkRow = (set: DataSet, row: number, logits: Float32Array, label: number): void => {
  if (!(label >= 0 && label < logits.length))
    throw new BartizanError(
      'DATA_LABEL_INVALID',
      `row ${set.offset + row} of ${set.path} has label ${label}, but the model knows classes 0 to ${logits.length - 1}`,
      { hint: 'labels count from 0; is this the data set that the model was trained for?', data: { row, label } },
    )
  if (logits.some(Number.isNaN))
    throw new BartizanError('MODEL_OUTPUT_INVALID', `the model gives NaN for row ${set.offset + row} of ${set.path}`, {
      hint: 'look at this row and at the preprocessing; a model that gives NaN on real rows is broken',
      data: { row },
    })
}

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
export const describeModel = async ({ model }: Subject, path: string, file: string): Promise<ModelInfo> => {
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

/** What the report says of the rows. Paths are named by `named`. */
export const describeData = async (
  { set, model }: Subject,
  config: Config['data'],
  named: (path: string) => string,
): Promise<DataInfo> => ({
  path: named(config.path),
  sha256: await fileDigest(config.path),
  ...(config.labels && { labels: { path: named(config.labels), sha256: await fileDigest(config.labels) } }),
  rows: set.rows,
  from: set.offset,
  to: set.offset + set.rows,
  classes: model.classes,
  ...(set.classes && { classNames: [...set.classes] }),
})
