import type { AttributeReader } from '../attributes.ts'
import type { Dim, Dims, Node, Tensor, TensorType } from '../types.ts'

/** What is known of a value before the model runs. */
export interface Known extends TensorType {
  /** The value itself, where it is fixed and small enough to be of use. */
  readonly constant?: Tensor
  /** The elements of an integer scalar or vector, some perhaps symbolic: the shape `[batch, 64]` as a value. */
  readonly elements?: Dims
}

export interface ShapeRequest {
  readonly node: Node
  readonly attributes: AttributeReader
  /** In the node's order; undefined where an optional input is left out. */
  readonly inputs: readonly (Known | undefined)[]
  readonly outputCount: number
  /** A size nobody named, different from all others. */
  fresh(): Dim
}

export interface ShapeRule {
  readonly op: string | readonly string[]
  readonly domain?: string
  /** One entry an output. Throws GRAPH_INVALID where the inputs can't be right. */
  infer(request: ShapeRequest): readonly Known[]
}

export const defineShape = (rule: ShapeRule): ShapeRule => rule
