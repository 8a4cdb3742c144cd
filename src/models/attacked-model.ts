import type { OutputKind } from '../contract/subject.ts'
import type { ValueInfo } from '../onnx/types.ts'
import type { Program, ProgramSpec } from './program.ts'
import type { FoundTrees } from './trees/tree-model.ts'

/** A model as attacks and their judge meet it: an ONNX file (`Classifier`) or a model behind an API (`EndpointModel`). */
export interface AttackedModel {
  /** The file, or the address. */
  readonly path: string
  /** Of the file; of what describes an endpoint, whose weights nobody here has seen. */
  readonly sha256: string
  readonly input: { readonly name: string; readonly dims: readonly number[]; readonly dtype: ValueInfo['dtype'] }
  /** What it gives. Of a `predicted-class` the logits say only which class it is. */
  readonly output: { readonly name: string; readonly kind: OutputKind }
  readonly classes: number
  /** Values of one row. */
  readonly size: number
  /** The graph draws random numbers: the same row may get another answer in the next run. */
  readonly random?: boolean
  readonly differentiable: { readonly ok: true } | { readonly ok: false; readonly reason: string }
  /** Throws GRAPH_OP_UNSUPPORTED where there is no graph to build on, but for the plain forward pass (`forward`). */
  program(spec: ProgramSpec): Promise<Program>
  /** The ensemble of trees in the file, or why none can be read; left out where there is no file. */
  trees?(): FoundTrees
  release(): Promise<void>
}
