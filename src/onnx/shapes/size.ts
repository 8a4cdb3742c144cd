import type { Dim } from '../types.ts'

/** Products of more names than this are given up: a graph may square a size in every node. */
const maxNames = 8

interface Product {
  readonly coefficient: number
  /** Sorted, with repetition. */
  readonly names: readonly string[]
}

/** `batch*seq*16` is read as a product; a name by itself stays a name, whatever it looks like. */
const productOf = (dim: Dim): Product => {
  if (typeof dim === 'number') return { coefficient: dim, names: [] }
  const parts = dim.split('*')
  const last = parts.length > 1 ? Number(parts.at(-1)) : Number.NaN
  return Number.isInteger(last) ? { coefficient: last, names: parts.slice(0, -1) } : { coefficient: 1, names: parts }
}

const dimOf = ({ coefficient, names }: Product): Dim | undefined => {
  if (coefficient === 0 || names.length === 0) return coefficient
  if (names.length > maxNames) return undefined
  const sorted = [...names].sort()
  return (coefficient === 1 ? sorted : [...sorted, String(coefficient)]).join('*')
}

/** The product of sizes under its canonical name, so that equal products have equal names. */
export const times = (dims: readonly Dim[]): Dim | undefined => {
  const parts = dims.map(productOf)
  return dimOf({
    coefficient: parts.reduce((product, { coefficient }) => product * coefficient, 1),
    names: parts.flatMap(({ names }) => names),
  })
}

/** a / b where it comes out even whatever the sizes are; undefined elsewhere. */
export const over = (a: Dim, b: Dim): Dim | undefined => {
  const [above, below] = [productOf(a), productOf(b)]
  if (below.coefficient === 0 || above.coefficient % below.coefficient !== 0) return undefined
  const names = [...above.names]
  for (const name of below.names) {
    const at = names.indexOf(name)
    if (at < 0) return undefined
    names.splice(at, 1)
  }
  return dimOf({ coefficient: above.coefficient / below.coefficient, names })
}

/** a + b where it has a name: numbers, equal names, a zero. */
export const plus = (a: Dim, b: Dim): Dim | undefined => {
  const [left, right] = [productOf(a), productOf(b)]
  if (left.coefficient === 0) return b
  if (right.coefficient === 0) return a
  if (left.names.join('*') !== right.names.join('*')) return undefined
  return dimOf({ coefficient: left.coefficient + right.coefficient, names: left.names })
}

/** a - b, as for `plus`. */
export const minus = (a: Dim, b: Dim): Dim | undefined => {
  const negative = times([b, -1])
  return negative === undefined ? undefined : plus(a, negative)
}

/** Whether a size is one that nobody named. */
export const isFresh = (dim: Dim | undefined): boolean => typeof dim === 'string' && dim.startsWith('?')
