import type { GraphBuilder, Value } from '../../onnx/builder.ts'
import type { AnyParameters, ParameterSpecs, Parameters } from '../../threat/parameters.ts'

/** Where a transform is built: the model's input and what is known of it. */
export interface TransformSite {
  readonly g: GraphBuilder
  /** [rows, ...dims], float32, within [low, high]. */
  readonly x: Value
  /** Sizes of one row. */
  readonly dims: readonly number[]
  /** Lowest and highest value of the input, in its own units; what comes out stays between them. */
  readonly low: number
  readonly high: number
}

/** Something done to the input before the network sees it, as nodes in front of the network. */
export interface Transform<S extends ParameterSpecs = ParameterSpecs> {
  readonly id: string
  /** One line, for lists. */
  readonly title: string
  readonly reference: string
  /** What an attacker who knows of it does about it, in plain words, for documents and reports. */
  readonly holds: string
  /** True where each run draws anew: the same input may get another answer. */
  readonly random: boolean
  /** Rows that it works on: pictures [channels, height, width], or rows of any shape. */
  readonly rows: 'images' | 'any'
  readonly parameters: S
  /** The input as the network is to see it, in x's own shape. Throws USAGE where the parameters don't fit the rows. */
  build(site: TransformSite, parameters: Parameters<S>): Value
}

/** A transform with its parameter types erased: what registries hold. */
export type AnyTransform = Omit<Transform, 'build'> & {
  build(site: TransformSite, parameters: AnyParameters): Value
}

/** Types `build` by its own parameters, and checks none: `resolveParameters` has. */
export const defineTransform = <const S extends ParameterSpecs>(transform: Transform<S>): AnyTransform => ({
  ...transform,
  build: (site, parameters) => transform.build(site, parameters as Parameters<S>),
})
