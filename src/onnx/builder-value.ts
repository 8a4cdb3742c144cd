import type { AttributeInput } from './attributes.ts'
import type { Known } from './shapes/rule.ts'

/** A value of the graph that is being built, with what is known of its shape. */
export interface Value extends Known {
  readonly name: string
}

/** An operand: a value, or a number that takes the type of the value beside it. */
export type Operand = Value | number

export type OpAttributes = Readonly<Record<string, AttributeInput>>

interface OpOptions {
  readonly domain?: string
  /** How many outputs to ask for. */
  readonly outputs?: number
}

/** Any operator by its ONNX name; an operand that is undefined is left out. */
export interface Operators {
  op(op: string, inputs: readonly (Value | undefined)[], attributes?: OpAttributes, options?: OpOptions): Value
  ops(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes?: OpAttributes,
    options?: OpOptions,
  ): readonly Value[]
}
