import type { Value } from '../../onnx/builder.ts'
import type { ModelDraft } from './draft.ts'
import type { LayerArguments } from './layer-arguments.ts'

/** A layer of an architecture, with its sizes read but not yet fitted to an input. */
export interface Layer {
  readonly name: string
  /** The character of the architecture's text it starts at, from 1. */
  readonly at: number
  /** Appends the layer's nodes and weights and returns its result. Throws CONFIG_INVALID where it doesn't fit `x`. */
  build(draft: ModelDraft, x: Value): Value
}

/** How a layer is written and built. */
export interface LayerKind {
  readonly name: string | readonly string[]
  /** As it is written, the values that may be left out in brackets. */
  readonly usage: string
  readonly help: string
  /** What may be given by name. */
  readonly options?: readonly string[]
  /** Whether layers in brackets follow. */
  readonly body?: true
  read(args: LayerArguments, body: readonly Layer[]): Layer['build']
}

export const defineLayer = (kind: LayerKind): LayerKind => kind
