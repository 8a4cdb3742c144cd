import { readFileSync } from 'node:fs'
import { stream } from '../base/random.ts'
import { type Classifier, classifierFrom, openClassifier } from '../models/classifier.ts'
import type { OutputTask } from '../models/outputs.ts'
import { randomTrees, treeFile } from '../models/trees/testing.ts'
import { graphBuilder, type Value } from '../onnx/builder.ts'
import { modelOf } from '../onnx/session.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { AnyAttack, AttackContext } from '../threat/attack.ts'
import type { Constraints } from '../threat/constraints/constraints.ts'
import { classesGoal } from '../threat/goal/classes.ts'
import type { Measure } from '../threat/norm.ts'
import { type AnyParameters, resolveParameters } from '../threat/parameters.ts'
import { type Target, targetOf } from '../threat/target.ts'

/** Random trees on flat rows. */
export const randomForest = (features: number, classes: number): Promise<Classifier> =>
  classifierFrom(
    treeFile(
      'TreeEnsembleClassifier',
      features,
      randomTrees({ seed: 'forest', features, classes, trees: 9, depth: 4 }),
    ),
    { path: 'forest.onnx', sha256: '' },
  )

interface Layer {
  /** One row of weights a unit. */
  readonly weights: readonly (readonly number[])[]
  readonly biases: readonly number[]
}

/** Dense layers with rectifiers between them, on rows of the given shape. */
export const denseClassifier = (
  dims: readonly number[],
  layers: readonly Layer[],
  task?: OutputTask,
): Promise<Classifier> => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', ...dims])
  let value: Value = dims.length === 1 ? x : g.op('Flatten', [x], { axis: 1 })
  for (const [number, { weights, biases }] of layers.entries()) {
    const [units, inputs] = [weights.length, weights[0]!.length]
    if (number > 0) value = g.op('Relu', [value])
    value = g.op(
      'Gemm',
      [value, g.constant('float32', [units, inputs], weights.flat()), g.constant('float32', [units], biases)],
      { transB: 1 },
    )
  }
  g.output('logits', value)
  return classifierFrom(modelOf(g.build(['logits'])), { path: 'dense.onnx', sha256: '', task })
}

/** logits = W x + b. */
export const linearClassifier = (
  weights: readonly (readonly number[])[],
  biases: readonly number[],
  dims: readonly number[] = [weights[0]!.length],
): Promise<Classifier> => denseClassifier(dims, [{ weights, biases }])

/** A net of two layers with random weights. */
export const randomNet = (
  dims: readonly number[],
  classes: number,
  hidden = 16,
  task?: OutputTask,
): Promise<Classifier> => {
  const random = stream('net')
  const layer = (units: number, inputs: number): Layer => ({
    weights: Array.from({ length: units }, () => Array.from({ length: inputs }, () => random.normal())),
    biases: Array.from({ length: units }, () => random.normal()),
  })
  return denseClassifier(dims, [layer(hidden, sizeOf(dims)), layer(classes, hidden)], task)
}

export interface Rows {
  readonly model: Classifier
  readonly x: Float32Array
  readonly labels: Int32Array
  /** Models of the attacker's own, for attacks that transfer. */
  readonly surrogates?: readonly Classifier[]
}

/** Random rows inside [low, high], labelled as the model predicts them. */
export const predictedRows = async (model: Classifier, rows: number, low = 0, high = 1): Promise<Rows> => {
  const random = stream('rows')
  const x = Float32Array.from({ length: rows * model.size }, () => low + (high - low) * random.uniform())
  return { model, x, labels: await targetOf(model, 'scores').predict(x, rows) }
}

/** The first rows of MNIST's test set and a convolutional net that classifies them all. */
export const mnistRows = async (rows: number): Promise<Rows> => {
  const read = (name: string): Buffer => readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url))
  const model = await openClassifier(new URL('../../test/fixtures/models/mnist-cnn.onnx', import.meta.url).pathname)
  return {
    model,
    x: Float32Array.from(read('data/mnist32-images-idx3-ubyte').subarray(16, 16 + rows * 784), (v) => v / 255),
    labels: Int32Array.from(read('data/mnist32-labels-idx1-ubyte').subarray(8, 8 + rows)),
  }
}

export interface Setting<M extends Measure = Measure> {
  readonly norm: M
  readonly epsilon: number
  readonly low?: number
  readonly high?: number
  readonly targets?: Int32Array
  readonly parameters?: AnyParameters
  /** Number of the first row, by which random numbers are keyed. */
  readonly firstRow?: number
  readonly constraints?: Constraints
  /** What the attack's `fit` made of other rows; left out: it is made of these. */
  readonly fitted?: Float32Array
}

/** What the runner would hand to an attack. */
export const contextFor = <M extends Measure>(
  attack: AnyAttack,
  { model, x, labels, surrogates }: Rows,
  { norm, epsilon, low = 0, high = 1, targets, firstRow = 0, constraints }: Setting<M>,
): AttackContext<M> => ({
  target: targetOf(model, attack.access),
  x0: x,
  rows: labels.length,
  size: model.size,
  goal: classesGoal(labels, targets, model.classes),
  labels,
  targets,
  norm,
  epsilon,
  low,
  high,
  ...(surrogates && { surrogates }),
  ...(constraints && { constraints }),
  random: (row, ...key) => stream(0, attack.id, firstRow + row, ...key),
  progress: () => {},
})

/** What an attack itself returns, before the runner clips, checks or judges it. */
export const rawCandidates = async (
  attack: AnyAttack,
  rows: Rows,
  setting: Setting,
): Promise<{
  readonly candidates: Float32Array
  readonly predicted: Int32Array
  readonly target: Target
  readonly fitted?: Float32Array
}> => {
  const context = contextFor(attack, rows, setting)
  const parameters = resolveParameters(attack.id, attack.parameters, setting.parameters)
  const fitted = setting.fitted ?? (await attack.fit?.(context, parameters))
  const { x: candidates } = await attack.run({ ...context, fitted }, parameters)
  const predicted = await targetOf(rows.model, 'scores').predict(candidates, rows.labels.length)
  return { candidates, predicted, target: context.target, fitted }
}

/** Some of the rows. */
export const someRows = ({ model, x, labels, ...more }: Rows, from: number, to: number): Rows => ({
  ...more,
  model,
  x: x.slice(from * model.size, to * model.size),
  labels: labels.slice(from, to),
})
