import type { Random } from '../../../base/random.ts'
import { clamp } from '../../evasion/rows/row-norms.ts'
import { alignmentOf } from './alignment.ts'
import type { Matcher } from './matcher.ts'

export interface CraftRequest {
  readonly matcher: Matcher
  /** The weight gradients that the rows are to have, all together. */
  readonly wanted: readonly Float32Array[]
  readonly x: Float32Array
  readonly labels: Int32Array
  /** Largest change of a value, in input units. */
  readonly epsilon: number
  readonly low: number
  readonly high: number
  readonly steps: number
  readonly restarts: number
  random(restart: number): Random
  progress(done: number): void
}

export interface Crafted {
  readonly x: Float32Array
  /** Cosine of the rows' gradients and the wanted ones, before and after. */
  readonly before: number
  readonly after: number
}

const decay = 0.9
/** First step, as a share of epsilon, and the shares of all steps after which it is divided by ten (Geiping et al.). */
const firstStep = 0.1
const drops = [1 / 2.667, 1 / 1.6, 1 / 1.142] as const

/**
 * Changes rows, each value by at most epsilon, so that their summed weight gradients point where they should: signed Adam
 * (the squares of signs are one, so only its mean is left), from random points; the best point seen is returned.
 */
export const craft = async (request: CraftRequest): Promise<Crafted> => {
  const { matcher, wanted, x: clean, labels, steps, restarts, progress } = request
  const cosineAt = async (x: Float32Array) => alignmentOf(wanted, await matcher.gradients(x, labels))
  const { cosine: before } = await cosineAt(clean)
  let best = { x: clean, cosine: before }
  for (let restart = 0; restart < restarts; restart++) {
    const x = startFrom(request, request.random(restart))
    const mean = new Float64Array(x.length)
    for (let step = 0; step <= steps; step++) {
      const { cosine, direction } = await cosineAt(x)
      if (cosine > best.cosine) best = { x: x.slice(), cosine }
      if (step === steps) break
      const pull = await matcher.pull(x, labels, direction)
      const length = firstStep * 0.1 ** drops.filter((share) => step >= share * steps).length
      advance(request, { x, mean, pull, length: length / (1 - decay ** (step + 1)) })
      progress((restart + (step + 1) / steps) / restarts)
    }
  }
  return { x: best.x, before, after: best.cosine }
}

const startFrom = (request: CraftRequest, random: Random): Float32Array => {
  const { x, epsilon, low, high } = request
  return x.map((value) => clamp(value + epsilon * (2 * random.uniform() - 1), low, high))
}

interface Move {
  readonly x: Float32Array
  readonly mean: Float64Array
  readonly pull: Float32Array
  readonly length: number
}

/** One step, back into the box around the clean rows. */
const advance = ({ x: clean, epsilon, low, high }: CraftRequest, { x, mean, pull, length }: Move): void => {
  for (let at = 0; at < x.length; at++) {
    const slope = pull[at]!
    mean[at] = decay * mean[at]! + (1 - decay) * (Number.isFinite(slope) ? Math.sign(slope) : 0)
    const moved = x[at]! + epsilon * length * mean[at]!
    x[at] = clamp(clamp(moved, clean[at]! - epsilon, clean[at]! + epsilon), low, high)
  }
}
