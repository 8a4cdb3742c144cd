import { type Random, stream } from '../../base/random.ts'
import { checkShapes, type ShapeCheck } from './runtime-check.ts'

/** Draws for generated graphs. */
export interface Draw {
  /** A whole number from low to high, both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  list(length: number, low: number, high: number): readonly number[]
  shuffled(length: number): readonly number[]
  /** The shape with some sizes hidden from the inference; `only` says which axes may be. */
  hidden(dims: readonly number[], only?: (axis: number) => boolean): readonly (number | string)[]
}

const drawFrom = (random: Random, hides: boolean): Draw => {
  let names = 0
  const between = (low: number, high: number) => low + random.integer(high - low + 1)
  const list = (length: number, low: number, high: number) => Array.from({ length }, () => between(low, high))
  return {
    between,
    list,
    chance: (probability) => random.uniform() < probability,
    pick: (choices) => choices[random.integer(choices.length)]!,
    shuffled(length) {
      const order = Array.from({ length }, (_, i) => i)
      for (let i = length - 1; i > 0; i--) {
        const j = random.integer(i + 1)
        ;[order[i], order[j]] = [order[j]!, order[i]!]
      }
      return order
    },
    hidden: (dims, only = () => true) =>
      dims.map((dim, axis) => (hides && only(axis) && random.uniform() < 0.4 ? `n${names++}=${dim}` : dim)),
  }
}

/**
 * What is wrong in `count` generated graphs. Every third one hides nothing, and then nothing may be left open, unless
 * `dataDependent` says that sizes depend on the data.
 */
export const wrongShapes = async (
  name: string,
  make: (draw: Draw) => ShapeCheck,
  { count = 12, dataDependent = false }: { readonly count?: number; readonly dataDependent?: boolean } = {},
): Promise<readonly string[]> => {
  const problems: string[] = []
  for (let i = 0; i < count; i++) {
    const hides = i % 3 !== 0
    const { wrong, open } = await checkShapes(make(drawFrom(stream(name, i), hides)), i)
    problems.push(...(hides || dataDependent ? wrong : [...wrong, ...open]).map((text) => `case ${i}: ${text}`))
  }
  return problems
}
