import type { AttributeReader } from '../attributes.ts'
import type { Dim, Dims, Graph, Node, Tensor, TensorType } from '../types.ts'

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
  /** What is known of the outputs of a nested graph that gets these inputs and sees the values around the node. */
  nested(graph: Graph, inputs?: readonly (Known | undefined)[]): readonly Known[]
}

export interface ShapeRule {
  readonly op: string | readonly string[]
  readonly domain?: string
  /** One entry an output. Throws GRAPH_INVALID where the inputs can't be right. */
  infer(request: ShapeRequest): readonly Known[]
}

export const defineShape = (rule: ShapeRule): ShapeRule => rule

/** A type whose element type is that of `x`, unknown where there is no `x`. */
export const typedAs = (x: TensorType | undefined, dims: Dims | undefined): Known => ({
  dtype: x?.dtype ?? 'undefined',
  dims,
})

export const unknown: Known = { dtype: 'undefined', dims: undefined }

/** No value has more axes than this. */
const maxRank = 64

/** Sizes of which only the number is known, itself perhaps not. */
export const openDims = (rank: Dim | undefined, fresh: () => Dim): Dims | undefined =>
  typeof rank === 'number' && rank <= maxRank ? Array.from({ length: rank }, fresh) : undefined
