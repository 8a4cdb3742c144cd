import { chooseTargets } from '../../assessment/attack-targets.ts'
import type { FileSubject } from '../../assessment/subject.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { writeNpz } from '../../data/index.ts'
import { asLogits } from '../../models/outputs.ts'
import { addGradient, nodesBetween } from '../../onnx/autodiff/gradient.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { createSession, type Feed, modelOf, type Session } from '../../onnx/session.ts'
import { toInt64 } from '../../threat/rows.ts'
import type { GradientOptions } from './gradient-options.ts'
import { type LossName, lossNamed } from './losses.ts'

export interface WeightGradients {
  readonly rows: number
  readonly meanLoss: number
  readonly arrays: readonly { readonly name: string; readonly shape: readonly number[]; readonly norm: number }[]
  /** Weights that the loss doesn't depend on in a differentiable way, by name. */
  readonly without: readonly string[]
}

/** Rows a run: the activations of all layers are alive at once. */
const rowsAtOnce = 64

/**
 * The gradient of the MEAN loss over the rows for every weight, saved as npz, one float32 array an initializer. The sum is
 * gathered piece by piece in float64.
 */
export const weightGradients = async (subject: FileSubject, options: GradientOptions): Promise<WeightGradients> => {
  const { model, set } = subject
  const { session, wanted, without } = await weightSession(subject, options.loss)
  const sums = new Map(
    wanted.map((name) => [name, new Float64Array(model.model.graph.initializers.get(name)!.data.length)]),
  )
  let loss = 0
  try {
    for await (const batch of set.batches(rowsAtOnce)) {
      const { targets } = chooseTargets(options.targets, batch.y!, model.classes)
      const results = await session.run({
        [model.input.name]: {
          dtype: batch.x instanceof Float32Array ? 'float32' : 'int64',
          dims: [batch.rows, ...model.input.dims],
          data: batch.x,
        },
        'bz:labels': { dtype: 'int64', dims: [batch.rows], data: toInt64(batch.y!) },
        'bz:targets': { dtype: 'int64', dims: [batch.rows], data: toInt64(targets!) },
      })
      loss += numbers(results['bz:loss']!).reduce((sum, value) => sum + value, 0)
      for (const [name, sum] of sums) {
        const part = numbers(results[`bz:gradient:${name}`]!)
        for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!
      }
      options.progress((batch.from + batch.rows) / set.rows)
    }
  } finally {
    await session.release()
  }
  const arrays = [...sums].map(([name, sum]) => ({
    name,
    shape: model.model.graph.initializers.get(name)!.dims,
    data: Float32Array.from(sum, (value) => value / set.rows),
  }))
  await writeNpz(
    options.save,
    Object.fromEntries(arrays.map(({ name, shape, data }) => [name, { dtype: 'float32', shape, data }])),
  )
  return {
    rows: set.rows,
    meanLoss: loss / set.rows,
    arrays: arrays.map(({ name, shape, data }) => ({ name, shape, norm: norm(data) })),
    without,
  }
}

const numbers = ({ data }: Feed): Float32Array => Float32Array.from(data as ArrayLike<number>)

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

interface WeightSession {
  readonly session: Session
  readonly wanted: readonly string[]
  readonly without: readonly string[]
}

/** One graph: losses of the rows, and the gradient of their sum for every weight that has one. */
const weightSession = async (subject: FileSubject, name: LossName): Promise<WeightSession> => {
  const weights = weightNames(subject)
  const without: string[] = []
  for (;;) {
    const wanted = weights.filter((weight) => !without.includes(weight))
    if (wanted.length === 0)
      throw new BartizanError('GRAPH_NOT_DIFFERENTIABLE', 'no weight of the model has a gradient', {
        hint: 'trees and other models without layers have none',
      })
    try {
      return { session: await compiled(subject, name, wanted), wanted, without }
    } catch (error) {
      const lost = isBartizanError(error, 'GRAPH_NOT_DIFFERENTIABLE') ? error.data.input : undefined
      if (typeof lost !== 'string' || !wanted.includes(lost)) throw error
      without.push(lost)
    }
  }
}

/** Float initializers of the file (not constants within the graph) that the logits depend on. */
const weightNames = ({ model }: FileSubject): readonly string[] => {
  const { graph } = model.model
  return [...model.source.graph.initializers]
    .filter(([name, { dtype }]) => dtype.includes('float') && graph.initializers.has(name))
    .map(([name]) => name)
    .filter((name) => nodesBetween(graph, new Set([name]), model.output.name).length > 0)
}

const compiled = async ({ model }: FileSubject, name: LossName, weights: readonly string[]): Promise<Session> => {
  const { graph } = model.model
  const type = { dtype: model.input.dtype, dims: ['batch', ...model.input.dims] }
  const inputs = [{ name: model.input.name, ...type }]
  const g = graphBuilder({ ...graph, inputs, outputs: [] }, { [model.input.name]: type })
  const [labels, targets] = ['bz:labels', 'bz:targets'].map((input) => g.input(input, 'int64', ['batch']))
  const loss = lossNamed(name, model.classes).build(g, asLogits(g, model.output), labels!, targets!)
  const gradients = addGradient(g, g.build([]), { of: loss, withRespectTo: weights.map((weight) => g.value(weight)) })
  g.output('bz:loss', loss)
  for (const [i, gradient] of gradients.entries()) g.output(`bz:gradient:${weights[i]}`, gradient)
  return createSession(modelOf(g.build(), model.model))
}
