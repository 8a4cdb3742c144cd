import { sizeOf, tensor, toNumbers } from '../../tensor.ts'
import type { Dim, Dims, DType } from '../../types.ts'
import type { Known, ShapeRequest } from '../rule.ts'

/** The elements of a small value, some perhaps symbolic. */
export interface Values {
  readonly dtype: DType
  readonly dims: readonly number[]
  /** Row-major; a name only in integer values. */
  readonly list: Dims
}

export interface ValueRequest {
  readonly request: ShapeRequest
  /** In the node's order; undefined only where an optional input is left out. */
  readonly inputs: readonly (Values | undefined)[]
  /** Types of the outputs, all shapes known. */
  readonly outputs: readonly (Known & { readonly dims: readonly number[] })[]
}

/** What an operator computes, for operators that shapes are computed with and constants are folded through. */
export interface ValueRule {
  readonly op: string | readonly string[]
  /** How many of the first inputs must be there; 1 where not given. */
  readonly required?: number | 'all'
  /** The elements of each output; undefined where they have no name. */
  evaluate(request: ValueRequest): readonly (Dims | undefined)[]
}

export const defineValues = (rule: ValueRule): ValueRule => rule

/** Values of more elements are data: nothing about shapes is read from them. */
export const smallSize = 1024

const integers: readonly DType[] = ['int64', 'int32', 'uint8', 'int8', 'int16', 'uint16', 'uint32', 'uint64']
const numeric: readonly DType[] = [...integers, 'bool', 'float32', 'float64', 'float16']

export const isInteger = (dtype: DType): boolean => integers.includes(dtype)

/** The elements of what is known, if they are few and all have at least a name. */
export const valuesOf = ({ dtype, dims, constant, elements }: Known): Values | undefined => {
  if (!isStatic(dims) || !numeric.includes(dtype) || sizeOf(dims) > smallSize) return undefined
  const list = elements ?? (constant && toNumbers(constant))
  return list?.length === sizeOf(dims) ? { dtype, dims, list } : undefined
}

export const isStatic = (dims: Dims | undefined): dims is readonly number[] =>
  dims?.every((dim) => typeof dim === 'number') ?? false

/** `type` with its elements, as a tensor too where all are numbers. */
export const withValues = (type: Known, list: Dims): Known => {
  const isVector =
    (type.dtype === 'int64' || type.dtype === 'int32') && type.dims !== undefined && type.dims.length <= 1
  const { dtype, dims } = type
  const numbers = numbersOf(list)
  if (!numbers) return isVector ? { dtype, dims, elements: list } : { dtype, dims }
  if (!isStatic(dims) || !numbers.every((value) => holds(dtype, value))) return { dtype, dims }
  return { dtype, dims, constant: tensor(dtype, dims, numbers), ...(isVector && { elements: numbers }) }
}

export const numbersOf = (list: Dims): readonly number[] | undefined =>
  list.every((value) => typeof value === 'number') ? list : undefined

/** Whether a type holds a number exactly: what overflows is left to the runtime. */
const holds = (dtype: DType, value: number): boolean => {
  if (!isInteger(dtype)) return true
  const bits = dtype.endsWith('64') ? 54 : Number(dtype.replace(/\D/g, ''))
  const [low, high] = dtype.startsWith('u') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
  return Number.isSafeInteger(value) && value >= low && value <= high
}

/** The element of each position of a result, with its coordinates. */
export const gathered = (
  dims: readonly number[],
  at: (coordinates: readonly number[]) => Dim | undefined,
): Dims | undefined => {
  const list: Dim[] = []
  const coordinates = dims.map(() => 0)
  for (let i = 0; i < sizeOf(dims); i++) {
    const value = at(coordinates)
    if (value === undefined) return undefined
    list.push(value)
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      coordinates[axis]!++
      if (coordinates[axis]! < dims[axis]!) break
      coordinates[axis] = 0
    }
  }
  return list
}

/** An element by its coordinates, aligned at the last axis and with axes of size 1 repeated. */
export const elementAt = ({ dims, list }: Values, coordinates: readonly number[]): Dim | undefined => {
  const lead = coordinates.length - dims.length
  return list[dims.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : coordinates[lead + axis]!), 0)]
}
