import { graphBuilder } from '../onnx/builder.ts'
import { clipByGlobalNorm, globalNorm, type Optimiser } from '../onnx/optimisers.ts'
import { createSession, type Feed, type Feeds, modelOf } from '../onnx/session.ts'
import { sizeOf } from '../onnx/tensor.ts'
import type { Arrays } from './gradient-step.ts'

/** Weights with what the optimiser remembers of each, `weight/slot` by name. */
export interface OptimiserState {
  readonly weights: Arrays
  readonly slots: Arrays
}

export interface UpdateRequest {
  readonly gradients: Arrays
  /** What the gradients are multiplied by: one over the rows that they are summed over. */
  readonly scale: number
  readonly rate: number
  /** Of this step, from 1. */
  readonly step: number
}

export interface UpdateStep {
  /**
   * A step of the optimiser, and the L2 norm of the whole gradient before any clipping. Two sets of arrays take turns: a
   * result is overwritten by the run after the one that it is given to.
   */
  run(state: OptimiserState, request: UpdateRequest): Promise<OptimiserState & { readonly gradientNorm: number }>
  /** What is remembered before the first step. */
  start(weights: Arrays): OptimiserState
  release(): Promise<void>
}

/** Compiles an optimiser's step for all weights at once. */
export const updateStep = async (
  dims: ReadonlyMap<string, readonly number[]>,
  optimiser: Optimiser,
  { clip, threads }: { readonly clip: number | undefined; readonly threads: number },
): Promise<UpdateStep> => {
  const g = graphBuilder()
  const [rate, scale] = [g.input('rate', 'float32', []), g.input('scale', 'float32', [])]
  const step = g.input('step', 'float32', [])
  const names = [...dims.keys()]
  const slotsOf = (name: string): readonly string[] => optimiser.slots.map((slot) => `${name}/${slot}`)
  const given = names.map((name) => {
    const shape = dims.get(name)!
    return {
      weight: g.input(`weight:${name}`, 'float32', shape),
      gradient: g.mul(g.input(`gradient:${name}`, 'float32', shape), scale),
      slots: Object.fromEntries(
        optimiser.slots.map((slot) => [slot, g.input(`slot:${name}/${slot}`, 'float32', shape)]),
      ),
    }
  })
  const gradients = given.map(({ gradient }) => gradient)
  const clipped =
    clip === undefined ? { gradients, norm: globalNorm(g, gradients) } : clipByGlobalNorm(g, gradients, clip)
  g.output('norm', clipped.norm)
  for (const [i, { weight, slots }] of given.entries()) {
    const next = optimiser.update(g, { weight, gradient: clipped.gradients[i]!, slots, rate, step })
    g.output(`next:${names[i]}`, next.weight)
    for (const slot of optimiser.slots) g.output(`next:${names[i]}/${slot}`, next.slots[slot]!)
  }
  const session = await createSession(modelOf(g.build()), { threads })
  const scalar = (value: number): Feed => ({ dtype: 'float32', dims: [], data: Float32Array.of(value) })
  const feed = (name: string, data: Float32Array): Feed => ({ dtype: 'float32', dims: dims.get(name)!, data })
  const fresh = (): Feeds =>
    Object.fromEntries(
      names.flatMap((name) =>
        [name, ...slotsOf(name)].map((each) => [`next:${each}`, feed(name, new Float32Array(sizeOf(dims.get(name)!)))]),
      ),
    )
  // What a step reads and what it writes change places, so that no step has to make them anew.
  const turns = [fresh(), fresh()] as const
  return {
    async run({ weights, slots }, { gradients, ...scalars }) {
      const feeds: Record<string, Feed> = {
        rate: scalar(scalars.rate),
        scale: scalar(scalars.scale),
        step: scalar(scalars.step),
      }
      for (const name of names) {
        feeds[`weight:${name}`] = feed(name, weights.get(name)!)
        feeds[`gradient:${name}`] = feed(name, gradients.get(name)!)
        for (const slot of slotsOf(name)) feeds[`slot:${slot}`] = feed(name, slots.get(slot)!)
      }
      const taken = Object.fromEntries(Object.entries(feeds).filter(([name]) => session.inputs.includes(name)))
      const next = weights.get(names[0]!) === turns[0][`next:${names[0]}`]!.data ? turns[1] : turns[0]
      const results = await session.run(taken, next)
      const floats = (name: string): Float32Array => results[name]!.data as Float32Array
      return {
        weights: new Map(names.map((name) => [name, floats(`next:${name}`)])),
        slots: new Map(names.flatMap(slotsOf).map((slot) => [slot, floats(`next:${slot}`)])),
        gradientNorm: floats('norm')[0]!,
      }
    },
    start: (weights) => ({
      weights,
      slots: new Map(
        names.flatMap((name) => slotsOf(name).map((slot) => [slot, new Float32Array(weights.get(name)!.length)])),
      ),
    }),
    release: () => session.release(),
  }
}
