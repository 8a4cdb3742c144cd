import { BartizanError } from '../base/errors.ts'
import type { Attribute, Attributes, Node, Tensor } from './types.ts'

/** What a builder takes for an attribute: plain numbers are ints; floats say so. */
export type AttributeInput = number | string | readonly number[] | Tensor | Attribute | undefined

export const float = (value: number): Attribute => ({ type: 'float', value })
export const floats = (value: readonly number[]): Attribute => ({ type: 'floats', value })
export const strings = (value: readonly string[]): Attribute => ({ type: 'strings', value })

export const attributesFrom = (inputs: Readonly<Record<string, AttributeInput>>): Attributes =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, input]) => (input === undefined ? [] : [[name, attributeFrom(input)]])),
  )

const attributeFrom = (input: Exclude<AttributeInput, undefined>): Attribute => {
  if (typeof input === 'number') return { type: 'int', value: input }
  if (typeof input === 'string') return { type: 'string', value: input }
  if ('type' in input) return input
  if ('dtype' in input) return { type: 'tensor', value: input }
  return { type: 'ints', value: input }
}

/** Typed access to the attributes of a node; a wrong type is an error that names the node. */
export interface AttributeReader {
  has(name: string): boolean
  int(name: string): number | undefined
  int(name: string, fallback: number): number
  float(name: string): number | undefined
  float(name: string, fallback: number): number
  string(name: string, fallback: string): string
  ints(name: string): readonly number[] | undefined
  ints(name: string, fallback: readonly number[]): readonly number[]
  floats(name: string): readonly number[] | undefined
  strings(name: string): readonly string[] | undefined
  tensor(name: string): Tensor | undefined
}

export const attributesOf = (node: Node): AttributeReader => {
  const read = <T extends Attribute['type']>(name: string, type: T) => {
    const attribute = node.attributes[name]
    if (!attribute) return undefined
    if (attribute.type !== type)
      throw new BartizanError(
        'GRAPH_INVALID',
        `attribute "${name}" of ${node.op} node "${node.name}" should be ${type} but is ${attribute.type}`,
      )
    return attribute.value as Extract<Attribute, { type: T }>['value']
  }
  function int(name: string): number | undefined
  function int(name: string, fallback: number): number
  function int(name: string, fallback?: number) {
    return read(name, 'int') ?? fallback
  }
  function float(name: string): number | undefined
  function float(name: string, fallback: number): number
  function float(name: string, fallback?: number) {
    return read(name, 'float') ?? fallback
  }
  function ints(name: string): readonly number[] | undefined
  function ints(name: string, fallback: readonly number[]): readonly number[]
  function ints(name: string, fallback?: readonly number[]) {
    return read(name, 'ints') ?? fallback
  }
  return {
    has: (name) => name in node.attributes,
    int,
    float,
    ints,
    string: (name, fallback) => read(name, 'string') ?? fallback,
    floats: (name) => read(name, 'floats'),
    strings: (name) => read(name, 'strings'),
    tensor: (name) => read(name, 'tensor'),
  }
}
