import { describe, expect, it } from 'vitest'
import { adam, adamw, momentum, sgd } from '../onnx/optimisers.ts'
import { normals } from './testing.ts'
import { type OptimiserState, updateStep } from './update-step.ts'

const dims = new Map<string, readonly number[]>([
  ['a', [3, 2]],
  ['b', []],
  ['c/d', [4]],
])
const weights = new Map(
  [...dims].map(([name, sizes]) => [
    name,
    normals(
      sizes.reduce((x, y) => x * y, 1),
      name,
    ),
  ]),
)
const gradientsOf = (step: number) =>
  new Map([...weights].map(([name, { length }]) => [name, normals(length, name, step)]))
const flat = (arrays: ReadonlyMap<string, Float32Array>) => [...arrays.values()].flatMap((values) => [...values])

describe('a step of all weights', () => {
  it.each([
    ['sgd', sgd(), []],
    ['momentum', momentum(), ['velocity']],
    ['adam', adam(), ['mean', 'square']],
    ['adamw', adamw(), ['mean', 'square']],
  ] as const)(
    '%s remembers %j of each, zeros at first, and leaves what it is given alone',
    async (_, optimiser, slots) => {
      const update = await updateStep(dims, optimiser, { clip: undefined, threads: 1 })
      const state = update.start(weights)
      expect(state.weights).toBe(weights)
      expect([...state.slots.keys()]).toEqual(
        [...dims.keys()].flatMap((name) => slots.map((slot) => `${name}/${slot}`)),
      )
      expect(flat(state.slots).every((value) => value === 0)).toBe(true)
      const before = structuredClone(state)
      const next = await update.run(state, { gradients: gradientsOf(1), scale: 1, rate: 0.1, step: 1 })
      expect(state).toEqual(before)
      expect([...next.weights.keys()]).toEqual([...dims.keys()])
      expect([...next.slots.keys()]).toEqual([...state.slots.keys()])
      for (const name of dims.keys()) expect(next.weights.get(name)).not.toEqual(weights.get(name))
      await update.release()
    },
  )

  it('is the velocity of the mean gradient, step after step', async () => {
    const update = await updateStep(dims, momentum({ momentum: 0.8 }), { clip: undefined, threads: 1 })
    let state: OptimiserState = update.start(weights)
    const [expected, velocity] = [flat(weights), flat(weights).map(() => 0)]
    for (let step = 1; step <= 4; step++) {
      const gradients = flat(gradientsOf(step))
      const next = await update.run(state, { gradients: gradientsOf(step), scale: 0.25, rate: 0.1, step })
      expect(next.gradientNorm).toBeCloseTo(0.25 * Math.hypot(...gradients), 5)
      for (const [i, gradient] of gradients.entries()) {
        velocity[i] = 0.8 * velocity[i]! + 0.25 * gradient
        expected[i]! -= 0.1 * velocity[i]!
      }
      state = next
    }
    for (const [i, value] of flat(state.weights).entries()) expect(value).toBeCloseTo(expected[i]!, 5)
    await update.release()
  })

  it('leaves what a step gave alone while the next one reads it', async () => {
    const update = await updateStep(dims, momentum(), { clip: undefined, threads: 1 })
    const next = (state: OptimiserState, step: number) =>
      update.run(state, { gradients: gradientsOf(step), scale: 1, rate: 0.1, step })
    const first = await next(update.start(weights), 1)
    const before = structuredClone(first)
    const second = await next(first, 2)
    expect(first).toEqual(before)
    expect(second.weights).not.toEqual(first.weights)
    await update.release()
  })

  it.each([
    [0.5, true],
    [1000, false],
  ])('clips the whole gradient to %d, and tells the norm before', async (clip, clipped) => {
    const update = await updateStep(dims, sgd(), { clip, threads: 1 })
    const next = await update.run(update.start(weights), { gradients: gradientsOf(1), scale: 2, rate: 1, step: 1 })
    const before = flat(weights)
    const norm = 2 * Math.hypot(...flat(gradientsOf(1)))
    expect(next.gradientNorm).toBeCloseTo(norm, 4)
    const moved = Math.hypot(...flat(next.weights).map((value, i) => value - before[i]!))
    expect(moved).toBeCloseTo(clipped ? clip : norm, 4)
    await update.release()
  })
})
