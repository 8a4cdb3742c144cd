import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifierFrom } from '../models/classifier.ts'
import { graphBuilder } from '../onnx/builder.ts'
import { modelOf } from '../onnx/session.ts'
import { gradientStep } from './gradient-step.ts'
import { standard } from './objective.ts'

const opened = new Map<number, ReturnType<typeof biasStep>>()

/** A step of a network that adds a bias to three zeros. */
const biasStep = async (smoothing: number) => {
  const g = graphBuilder()
  const bias = g.constant('float32', [3], [1, 2, 3])
  g.output('logits', g.add(g.input('x', 'float32', ['n', 3]), bias))
  const trainable = [bias.name]
  const model = await classifierFrom(modelOf(g.build()), { path: '', sha256: '', trainable })
  const trained = { graph: model.model.graph, trainable, statistics: [], masks: [] }
  return { bias: bias.name, step: await gradientStep(model, { trained, objective: standard(smoothing), threads: 1 }) }
}

/** The loss of these logits, with its gradient for them. */
const lossAt = async (logits: readonly number[], label: number, smoothing: number) => {
  const opening = opened.get(smoothing) ?? biasStep(smoothing)
  opened.set(smoothing, opening)
  const { bias, step } = await opening
  const { loss, gradients } = await step.run(new Map([[bias, Float32Array.from(logits)]]), {
    rows: 1,
    x: new Float32Array(3),
    labels: Int32Array.of(label),
    importance: Float32Array.of(1),
    inputs: {},
    masks: new Map(),
  })
  return { loss, gradient: [...gradients.get(bias)!] }
}

/** In double precision, the label's probability never subtracted from 1. */
const expected = (logits: readonly number[], label: number, smoothing: number) => {
  const z = logits.map(Math.fround)
  const highest = Math.max(...z)
  const sum = z.reduce((total, value) => total + Math.exp(value - highest), 0)
  const p = z.map((value) => Math.exp(value - highest) / sum)
  const others = p.reduce((total, value, k) => (k === label ? total : total + value), 0)
  const logs = z.map((value) => highest + Math.log(sum) - value)
  return {
    loss: (1 - smoothing) * logs[label]! + (smoothing * logs.reduce((total, value) => total + value, 0)) / 3,
    gradient: p.map((value, k) => (1 - smoothing) * (k === label ? -others : value) + smoothing * (value - 1 / 3)),
  }
}

const logits = fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 3, maxLength: 3 })

describe('cross-entropy', () => {
  it('is minus the logarithm of the probability, smoothed as asked', async () => {
    await fc.assert(
      fc.asyncProperty(logits, fc.nat(2), fc.constantFrom(0, 0.1, 0.5), async (logits, label, smoothing) => {
        const [actual, exact] = [await lossAt(logits, label, smoothing), expected(logits, label, smoothing)]
        expect(Math.abs(actual.loss - exact.loss)).toBeLessThan(1e-5 * (1 + exact.loss))
        for (const [k, value] of actual.gradient.entries())
          expect(Math.abs(value - exact.gradient[k]!)).toBeLessThan(1e-6)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('keeps the digits of its gradient where the row is all but certain', async () => {
    for (const margin of [5, 12, 20, 40, 80]) {
      const logits = [margin, 0.5, -1]
      const [actual, exact] = [await lossAt(logits, 0, 0), expected(logits, 0, 0)]
      for (const [k, value] of actual.gradient.entries()) expect(value / exact.gradient[k]!).toBeCloseTo(1, 4)
    }
  })

  it('is finite however wrong the row is', async () => {
    const { loss, gradient } = await lossAt([1e6, -1e6, 0], 1, 0)
    expect(loss).toBe(2e6)
    expect(gradient).toEqual([1, -1, 0])
  })
})
