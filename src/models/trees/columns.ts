import { toNumbers } from '../../onnx/tensor.ts'
import type { Attributes, Node } from '../../onnx/types.ts'
import { broken } from './nodes.ts'

/** Columns of numbers among the attributes of a tree operator. */
export interface Columns {
  /** Throws GRAPH_INVALID where there is none. */
  need(name: string): readonly number[]
  numbers(name: string): readonly number[] | undefined
  texts(name: string): readonly string[] | undefined
  integer(name: string, fallback: number): number
  text(name: string, fallback: string): string
  /** Whether a column is stored in double precision (its `_as_tensor` form, or a tensor of doubles). */
  isDouble(name: string): boolean
}

/** Nodes and votes of one file: what could be read in a second and kept in 100 MB. */
const mostEntries = 4_000_000

/** Reads attributes under their plain names, or as a tensor (`NAME_as_tensor` in version 3, NAME itself in version 5). */
export const columnsOf = (node: Node): Columns => {
  const { attributes, name, op } = node
  const found = (key: string): Attributes[string] | undefined => attributes[`${key}_as_tensor`] ?? attributes[key]
  const bounded = <T>(key: string, values: readonly T[]): readonly T[] => {
    if (values.length > mostEntries)
      throw broken(name, `"${key}" has ${values.length} entries, and ${mostEntries} are the most that are read`)
    return values
  }
  const numbers: Columns['numbers'] = (key) => {
    const attribute = found(key)
    if (!attribute) return undefined
    if (attribute.type === 'ints' || attribute.type === 'floats') return bounded(key, attribute.value)
    if (attribute.type === 'tensor' && attribute.value.dtype !== 'string')
      return bounded(key, toNumbers(attribute.value))
    throw broken(name, `attribute "${key}" of ${op} is ${attribute.type}, not numbers`)
  }
  return {
    numbers,
    need(key) {
      const values = numbers(key)
      if (!values) throw broken(name, `${op} has no attribute "${key}"`)
      return values
    },
    texts(key) {
      const attribute = found(key)
      if (!attribute) return undefined
      if (attribute.type === 'strings') return bounded(key, attribute.value)
      throw broken(name, `attribute "${key}" of ${op} is ${attribute.type}, not texts`)
    },
    integer(key, fallback) {
      const attribute = found(key)
      if (!attribute) return fallback
      if (attribute.type === 'int') return attribute.value
      throw broken(name, `attribute "${key}" of ${op} is ${attribute.type}, not a whole number`)
    },
    text(key, fallback) {
      const attribute = found(key)
      if (!attribute) return fallback
      if (attribute.type === 'string') return attribute.value
      throw broken(name, `attribute "${key}" of ${op} is ${attribute.type}, not a text`)
    },
    isDouble(key) {
      const attribute = found(key)
      return attribute?.type === 'tensor' && attribute.value.dtype === 'float64'
    },
  }
}

/** Throws GRAPH_INVALID unless the columns, where they are there, all have `length` entries. */
export const checkLengths = (
  node: Node,
  length: number,
  columns: Readonly<Record<string, readonly unknown[] | undefined>>,
): void => {
  for (const [key, values] of Object.entries(columns))
    if (values && values.length !== length)
      throw broken(node.name, `"${key}" has ${values.length} entries where ${length} were expected`)
}
