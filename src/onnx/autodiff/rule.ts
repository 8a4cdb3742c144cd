import type { AttributeReader } from '../attributes.ts'
import type { GraphBuilder, Value } from '../builder.ts'
import type { Node } from '../types.ts'

/** What a gradient rule sees: the node, its values, and the cotangents of its outputs. */
export interface VjpContext {
  readonly g: GraphBuilder
  readonly node: Node
  readonly attributes: AttributeReader
  /** Inputs in the node's order; undefined where an optional one is left out. */
  readonly x: readonly (Value | undefined)[]
  /** Outputs in the node's order; undefined where one is left out. */
  readonly y: readonly (Value | undefined)[]
  /** Gradient of the loss for the first output. */
  readonly dY: Value
  /** Gradients for all outputs, undefined where the loss doesn't depend on one. */
  readonly dYs: readonly (Value | undefined)[]
  /** Whether the gradient for input i is wanted: for rules that share work between inputs. */
  needs(i: number): boolean
}

/**
 * How to get the gradient for one input, built only if it is wanted. `none` says that no gradient flows (indices,
 * bounds, shapes, piecewise constant functions).
 */
export type InputGradient = (() => Value) | 'none'

/** The gradient of an operator. An input beyond the end of the list has none and asking for one is an error. */
export interface GradientRule {
  readonly op: string | readonly string[]
  readonly domain?: string
  /** What a report must say of the gradient: a straight-through estimate, a kink that matters. */
  readonly caveat?: string
  /** Gradients flow to integer inputs too, carried in floats: for quantised values, which stand for real numbers. */
  readonly throughIntegers?: boolean
  vjp(context: VjpContext): readonly InputGradient[]
}

export const defineRule = (rule: GradientRule): GradientRule => rule

/** A node that returns several inputs' gradients from one computation: computed once, when the first is asked for. */
export const once = <T>(compute: () => T): (() => T) => {
  let result: { readonly value: T } | undefined
  return () => {
    result ??= { value: compute() }
    return result.value
  }
}
