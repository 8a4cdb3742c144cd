import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { graphBuilder } from './builder.ts'
import { adam, adamw, clipByGlobalNorm, momentum, type Optimiser, sgd } from './optimisers.ts'
import { createSession, type Feed, modelOf } from './session.ts'

const size = 5
const rate = 0.05

const feed = (...values: readonly number[]): Feed => ({
  dtype: 'float32',
  dims: values.length === 1 ? [] : [values.length],
  data: Float32Array.from(values),
})

/** The weights after each step on the given gradients. */
const run = async (optimiser: Optimiser, start: readonly number[], gradients: readonly (readonly number[])[]) => {
  const g = graphBuilder()
  const [weight, gradient] = ['weight', 'gradient'].map((name) => g.input(name, 'float32', [size]))
  const slots = Object.fromEntries(optimiser.slots.map((slot) => [slot, g.input(slot, 'float32', [size])]))
  const [rateInput, step] = ['rate', 'step'].map((name) => g.input(name, 'float32', []))
  const next = optimiser.update(g, { weight: weight!, gradient: gradient!, slots, rate: rateInput!, step: step! })
  g.output('next:weight', next.weight)
  for (const [slot, value] of Object.entries(next.slots)) g.output(`next:${slot}`, value)
  const session = await createSession(modelOf(g.build()))
  const names = ['weight', ...optimiser.slots]
  let state = Object.fromEntries(
    names.map((name) => [name, feed(...(name === 'weight' ? start : Array(size).fill(0)))]),
  )
  const weights: (readonly number[])[] = []
  // Plain descent reads no step: the runtime would refuse to be fed what it doesn't know.
  const read = new Set(session.inputs)
  for (const [i, values] of gradients.entries()) {
    const feeds = { ...state, gradient: feed(...values), rate: feed(rate), step: feed(i + 1) }
    const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => read.has(name))))
    state = Object.fromEntries(names.map((name) => [name, results[`next:${name}`]!]))
    weights.push(Array.from(results['next:weight']!.data as Float32Array))
  }
  await session.release()
  return weights
}

const random = stream('optimisers')
const normals = () => Array.from({ length: size }, () => random.normal())
const start = normals()
const gradients = Array.from({ length: 6 }, normals)

/** The same steps by the definition, one number at a time. */
const oracle = (stepOf: () => (w: number, g: number, t: number) => number) => {
  const trajectories = start.map((from, k) => {
    const next = stepOf()
    let w = from
    return gradients.map((gradient, i) => {
      w = next(w, gradient[k]!, i + 1)
      return w
    })
  })
  return gradients.map((_, i) => trajectories.map((trajectory) => trajectory[i]!))
}

const adamStep =
  (decay: number, decoupled: boolean, b1 = 0.9, b2 = 0.999, epsilon = 1e-8) =>
  () => {
    let [m, v] = [0, 0]
    return (w: number, gradient: number, t: number) => {
      const g = decoupled ? gradient : gradient + decay * w
      m = b1 * m + (1 - b1) * g
      v = b2 * v + (1 - b2) * g * g
      const shrunk = decoupled ? w - rate * decay * w : w
      return shrunk - (rate * (m / (1 - b1 ** t))) / (Math.sqrt(v / (1 - b2 ** t)) + epsilon)
    }
  }

const velocityStep = (share: number, decay: number, nesterov: boolean) => () => {
  let v = 0
  return (w: number, gradient: number) => {
    const g = gradient + decay * w
    v = share * v + g
    return w - rate * (nesterov ? g + share * v : v)
  }
}

describe('optimisers take the steps of their definitions', () => {
  it.each([
    ['sgd', sgd(), velocityStep(0, 0, false)],
    ['sgd with decay', sgd({ weightDecay: 0.3 }), velocityStep(0, 0.3, false)],
    ['momentum', momentum(), velocityStep(0.9, 0, false)],
    ['nesterov', momentum({ momentum: 0.7, nesterov: true, weightDecay: 0.2 }), velocityStep(0.7, 0.2, true)],
    ['adam', adam(), adamStep(0, false)],
    ['adam with a penalty', adam({ weightDecay: 0.3 }), adamStep(0.3, false)],
    ['adam with other moments', adam({ beta1: 0.5, beta2: 0.8, epsilon: 0.1 }), adamStep(0, false, 0.5, 0.8, 0.1)],
    ['adamw', adamw({ weightDecay: 0.3 }), adamStep(0.3, true)],
    ['adamw by default', adamw(), adamStep(0.01, true)],
  ] as const)('%s', async (_, optimiser, stepOf) => {
    const actual = (await run(optimiser, start, gradients)).flat()
    const expected = oracle(stepOf).flat()
    for (const [i, value] of actual.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-6)
  })

  it.each([
    () => sgd({ weightDecay: -1 }),
    () => momentum({ momentum: 1 }),
    () => adam({ beta1: Number.NaN }),
    () => adam({ beta2: -0.1 }),
    () => adamw({ epsilon: -1 }),
  ])('%s is refused', (make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})

describe('clipByGlobalNorm', () => {
  const clipped = async (maxNorm: number, a: readonly number[], b: readonly number[]) => {
    const g = graphBuilder()
    const inputs = [g.input('a', 'float32', [a.length]), g.input('b', 'float32', [b.length])]
    const { gradients, norm } = clipByGlobalNorm(g, inputs, maxNorm)
    gradients.forEach((value, i) => {
      g.output(`out${i}`, value)
    })
    g.output('norm', norm)
    const session = await createSession(modelOf(g.build()))
    const { out0, out1, norm: before } = await session.run({ a: feed(...a), b: feed(...b) })
    await session.release()
    return { values: [...(out0!.data as Float32Array), ...(out1!.data as Float32Array)], norm: Number(before!.data[0]) }
  }

  it('scales all gradients together to the norm', async () => {
    const { values, norm } = await clipped(2, [3, 0], [0, 4])
    expect(norm).toBeCloseTo(5, 6)
    expect(values[0]).toBeCloseTo(1.2, 6)
    expect(values[3]).toBeCloseTo(1.6, 6)
  })

  it('leaves what is within the norm, zeros too', async () => {
    expect((await clipped(5.1, [3, 0], [0, 4])).values).toEqual([3, 0, 0, 4])
    expect((await clipped(1, [0, 0], [0, 0])).values).toEqual([0, 0, 0, 0])
  })

  it('shows gradients that are not finite', async () => {
    expect((await clipped(1, [Number.NaN, 0], [0, 0])).norm).toBeNaN()
  })

  it('refuses a norm of nothing', () => {
    const g = graphBuilder()
    const x = g.input('x', 'float32', [1])
    expect(() => clipByGlobalNorm(g, [x], 0)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})
