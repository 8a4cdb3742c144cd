import { describe, expect, it } from 'vitest'
import { type Classifier, classifierFrom } from '../models/classifier.ts'
import { float } from '../onnx/attributes.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../onnx/builder.ts'
import { modelOf } from '../onnx/session.ts'
import { sizeOf } from '../onnx/tensor.ts'
import { gradientStep, openedWeights, type StepRows, type TrainedGraph } from './gradient-step.ts'
import { type Objective, standard } from './objective.ts'
import { type PerExampleNorms, perExampleNorms } from './per-example.ts'
import { normals, stepRows, trainee } from './testing.ts'

/** One row of many. */
const only = (rows: StepRows, row: number, size: number, { masks }: TrainedGraph): StepRows => ({
  rows: 1,
  x: rows.x.subarray(row * size, (row + 1) * size),
  labels: rows.labels.subarray(row, row + 1),
  importance: rows.importance.subarray(row, row + 1),
  inputs: Object.fromEntries(
    Object.entries(rows.inputs).map(([name, values]) => [name, values.subarray(row * size, (row + 1) * size)]),
  ),
  masks: new Map(
    masks.map(({ name, dims }) => [name, rows.masks.get(name)!.subarray(row * sizeOf(dims), (row + 1) * sizeOf(dims))]),
  ),
})

const twoPoints: Objective = {
  key: 'two points',
  inputs: { other: { dtype: 'float32', dims: [7] } },
  loss: (builder) => {
    const other = standard().loss({ ...builder, logits: builder.logitsAt(builder.input('other')) })
    return builder.g.add(standard().loss(builder), other)
  },
}

type Weights = (sizes: readonly number[]) => Value

/** Norms of nine rows are those of the gradients that a step makes of each alone. */
const agree = async (
  model: Classifier,
  trained: TrainedGraph,
  objective: Objective,
  rows: StepRows,
  method: PerExampleNorms['method'],
): Promise<void> => {
  const weights = openedWeights(trained)
  const norms = await perExampleNorms(model, { trained, objective, threads: 1, rowsAtOnce: 4 })
  expect(norms.method).toBe(method)
  const actual = await norms.run(weights, rows)
  const step = await gradientStep(model, { trained, objective, threads: 1 })
  for (let row = 0; row < rows.rows; row++) {
    const { gradients } = await step.run(weights, only(rows, row, model.size, trained))
    const expected = Math.hypot(...[...gradients.values()].map((values) => Math.hypot(...values)))
    expect(Math.abs(actual[row]! / expected - 1), `row ${row}`).toBeLessThan(1e-4)
  }
  await Promise.all([norms.release(), step.release(), model.release()])
}

describe('the norm of each row', () => {
  it.each([
    ['dense 8, relu, dropout 0.3, dense classes', [7], standard(), 'by layer'],
    [
      'conv 4 3 stride 2, tanh, dropout, conv 5 2x3 pad 1, relu, dense 6, relu, dense classes',
      [2, 7, 6],
      standard(0.1),
      'by layer',
    ],
    ['conv 4 3, relu, maxpool 2, dense classes', [2, 9], standard(), 'by layer'],
    ['residual [ conv 3 bias no, tanh ], globalavgpool, dense classes', [3, 5, 5], standard(), 'by layer'],
    ['conv 4 3 groups 2, relu, dense classes', [2, 5, 5], standard(), 'by row'],
    ['conv 4 3, groupnorm 2, relu, dense classes', [2, 5, 5], standard(), 'by row'],
    ['dense 6, relu, dense classes', [7], twoPoints, 'by row'],
  ] as const)('is that of its own gradient: %s of %j', async (text, dims, objective, method) => {
    const { model, trained } = await trainee(text, dims)
    const plain = stepRows(model, 9)
    const rows: StepRows = {
      ...plain,
      importance: normals(9, 'importance').map(Math.abs),
      inputs: objective.inputs ? { other: normals(9 * 7, 'other') } : {},
      masks: new Map(trained.masks.map(({ name, dims }) => [name, normals(9 * sizeOf(dims), name).map(Math.abs)])),
    }
    await agree(model, trained, objective, rows, method)
  })

  it.each([
    [
      'products of rank 3, with biases that are broadcast',
      [4, 6],
      (g: GraphBuilder, x: Value, w: Weights) => {
        const first = g.add(g.matmul(x, w([6, 5])), w([5]))
        const second = g.op('Add', [w([1, 4, 1]), g.op('Tanh', [first])])
        return g.reduceMean(g.add(g.matmul(second, w([5, 3])), w([4, 1])), [1])
      },
    ],
    ['products of rank 2', [6], (g: GraphBuilder, x: Value, w: Weights) => g.add(g.matmul(x, w([6, 3])), w([1, 3]))],
    [
      'Gemm in all its forms',
      [6],
      (g: GraphBuilder, x: Value, w: Weights) => {
        const first = g.op('Gemm', [x, w([5, 6]), w([1])], { transB: 1, alpha: float(0.5), beta: float(3) })
        return g.op('Gemm', [g.op('Tanh', [first]), w([5, 3]), w([1, 3])], { beta: float(2) })
      },
    ],
  ])('follows from the layers: %s', async (_, dims, build) => {
    const g = graphBuilder()
    const names: string[] = []
    const weight: Weights = (sizes) => {
      const value = g.constant(
        'float32',
        sizes,
        normals(sizeOf(sizes), 'weight', names.length).map((z) => z / 4),
      )
      names.push(value.name)
      return value
    }
    g.output('logits', build(g, g.input('x', 'float32', ['n', ...dims]), weight))
    const model = await classifierFrom(modelOf(g.build()), { path: 'by hand', sha256: '', trainable: names })
    const trained = { graph: model.model.graph, trainable: names, statistics: [], masks: [] }
    await agree(model, trained, standard(), stepRows(model, 9), 'by layer')
  })

  it('does not exist where batch normalisation mixes the rows', async () => {
    const { model, trained } = await trainee('dense 4, batchnorm, dense classes', [3])
    await expect(perExampleNorms(model, { trained, objective: standard(), threads: 1 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    await model.release()
  })
})
