import { describe, expect, it } from 'vitest'
import type { Classifier } from '../models/classifier.ts'
import {
  type Arrays,
  gradientStep,
  openedWeights,
  type StepRows,
  type StepSums,
  type TrainedGraph,
} from './gradient-step.ts'
import { type Objective, standard } from './objective.ts'
import { normals, stepRows, trainee } from './testing.ts'

interface Sums {
  readonly objective?: Objective
  readonly rowsAtOnce?: number
  readonly weights?: Arrays
}

const sumsOf = async (
  { model, trained }: { readonly model: Classifier; readonly trained: TrainedGraph },
  rows: StepRows,
  { objective = standard(), rowsAtOnce, weights = openedWeights(trained) }: Sums = {},
): Promise<StepSums> => {
  const step = await gradientStep(model, { trained, objective, threads: 1, ...(rowsAtOnce && { rowsAtOnce }) })
  const sums = await step.run(weights, rows)
  await step.release()
  return sums
}

const relative = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length)
  return Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...b)
}

const alike = (a: StepSums, b: StepSums, within: number): void => {
  expect(a.right).toBe(b.right)
  expect(Math.abs(a.loss / b.loss - 1)).toBeLessThan(within)
  for (const [name, gradient] of b.gradients)
    expect(relative(a.gradients.get(name)!, gradient), name).toBeLessThan(within)
}

const masked = ({ masks }: TrainedGraph, rows: StepRows): StepRows => ({
  ...rows,
  masks: new Map(
    masks.map(({ name, dims, ratio }) => {
      const values = normals(rows.rows * dims.reduce((a, b) => a * b, 1), name)
      return [name, values.map((z) => (z > -0.5 ? 1 / (1 - ratio) : 0))]
    }),
  ),
})

const conv = ['conv 4 3, tanh, dropout 0.3, dense 6, tanh, dense classes', [2, 5, 5]] as const
const dense = ['dense 8, swish, dropout, dense classes', [6]] as const

/** (1 + weight) times cross-entropy, plus cross-entropy at another point. */
const withInputs: Objective = {
  key: 'inputs',
  inputs: { other: { dtype: 'float32', dims: [2, 5, 5] }, weight: { dtype: 'float32', dims: [] } },
  loss(builder) {
    const { g, logitsAt, input } = builder
    const here = g.mul(standard().loss(builder), g.add(input('weight'), 1))
    return g.add(here, standard().loss({ ...builder, logits: logitsAt(input('other')) }))
  },
}

describe('sums over rows', () => {
  it.each([
    ['cross-entropy', standard(), {}],
    ['smoothed', standard(0.2), {}],
    ['with inputs', withInputs, { other: normals(23 * 50, 'other'), weight: normals(23, 'weight') }],
  ] as const)('are the same however many rows run at once: %s', async (_, objective, inputs) => {
    const net = await trainee(...conv)
    const rows = { ...masked(net.trained, stepRows(net.model, 23)), inputs, importance: normals(23, 'i').map(Math.abs) }
    const whole = await sumsOf(net, rows, { objective, rowsAtOnce: 23 })
    expect([...whole.gradients.keys()]).toEqual(net.trained.trainable)
    for (const rowsAtOnce of [1, 7]) alike(await sumsOf(net, rows, { objective, rowsAtOnce }), whole, 1e-5)
    await net.model.release()
  })

  it('count each row by its importance', async () => {
    const net = await trainee(...dense)
    const rows = masked(net.trained, stepRows(net.model, 5))
    const [all, first] = [
      await sumsOf(net, rows),
      await sumsOf(net, { ...rows, importance: Float32Array.of(2, 0, 0, 0, 0) }),
    ]
    const alone = await sumsOf(net, {
      ...rows,
      rows: 1,
      x: rows.x.subarray(0, 6),
      labels: rows.labels.subarray(0, 1),
      importance: Float32Array.of(2),
      masks: new Map([...rows.masks].map(([name, mask]) => [name, mask.subarray(0, 8)])),
    })
    expect(first.right).toBe(all.right)
    alike({ ...first, right: alone.right }, alone, 1e-5)
    await net.model.release()
  })

  it.each([
    [conv, standard()],
    [dense, standard(0.3)],
    [conv, withInputs],
  ] as const)('have the slope of the loss: %j', async (network, objective) => {
    const net = await trainee(network[0], network[1])
    const inputs = { other: normals(4 * 50, 'other'), weight: normals(4, 'weight') }
    const rows = { ...masked(net.trained, stepRows(net.model, 4)), inputs }
    const weights = openedWeights(net.trained)
    const { gradients } = await sumsOf(net, rows, { objective })
    for (const [name, gradient] of gradients) {
      const along = normals(gradient.length, 'along', name)
      const length = Math.hypot(...along)
      const lossAt = async (by: number) => {
        const moved = weights.get(name)!.map((value, i) => value + (by * along[i]!) / length)
        return (await sumsOf(net, rows, { objective, weights: new Map([...weights, [name, moved]]) })).loss
      }
      const slope = ((await lossAt(1e-2)) - (await lossAt(-1e-2))) / 2e-2
      const expected = gradient.reduce((sum, value, i) => sum + (value * along[i]!) / length, 0)
      expect(Math.abs(slope - expected), name).toBeLessThan(5e-3 * Math.hypot(...gradient))
    }
    await net.model.release()
  })
})

describe('batch normalisation', () => {
  it('takes all rows of a step at once, and moves its statistics', async () => {
    const net = await trainee('batchnorm, dense classes', [3])
    const rows = stepRows(net.model, 40)
    const [small, whole] = [await sumsOf(net, rows, { rowsAtOnce: 4 }), await sumsOf(net, rows, { rowsAtOnce: 40 })]
    expect(small).toEqual(whole)
    const before = openedWeights(net.trained)
    for (let c = 0; c < 3; c++) {
      const values = Array.from({ length: 40 }, (_, row) => rows.x[row * 3 + c]!)
      const mean = values.reduce((sum, value) => sum + value / 40, 0)
      const moved = 0.9 * before.get('bn1.running_mean')![c]! + 0.1 * mean
      expect(whole.statistics.get('bn1.running_mean')![c]).toBeCloseTo(moved, 5)
    }
    await net.model.release()
  })
})

describe('dropout', () => {
  it('of mean 1 keeps the expectation of what follows it', async () => {
    const net = await trainee('dropout 0.4, dense classes', [50])
    const mask = { name: net.trained.masks[0]!.name, ratio: 0.4 }
    const runs = 4000
    const x = new Float32Array(runs * 50).fill(0.2)
    const uniform = normals(runs * 50, 'mask')
    // P(z < -0.2533) = 0.4.
    const masks = new Map([[mask.name, uniform.map((z) => (z < -0.253347 ? 0 : 1 / (1 - mask.ratio)))]])
    const logit: Objective = {
      key: 'logit',
      loss: ({ g, logits }) => g.reduceSum(g.mul(logits, g.constant('float32', [3], [1, 0, 0])), [1]),
    }
    const rows = { ...stepRows(net.model, runs), x, masks }
    const dropped = await sumsOf(net, rows, { objective: logit })
    const kept = await sumsOf(
      net,
      { ...rows, masks: new Map([[mask.name, new Float32Array(runs * 50).fill(1)]]) },
      { objective: logit },
    )
    const weights = net.trained.graph.initializers.get('fc1.weight')!.data as Float32Array
    const deviation = 0.2 * Math.sqrt(0.4 / 0.6) * Math.hypot(...weights.subarray(0, 50))
    expect(Math.abs(dropped.loss - kept.loss) / runs).toBeLessThan((4 * deviation) / Math.sqrt(runs))
    expect(dropped.loss).not.toBe(kept.loss)
    await net.model.release()
  })
})
