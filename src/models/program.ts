import type { GraphBuilder, Value } from '../onnx/builder.ts'

/** The shape of one row, and the element type, of what a program reads besides the model's input. */
export interface RowInput {
  readonly dtype: 'float32' | 'int64' | 'bool'
  readonly dims: readonly number[]
}

export interface ProgramBuilder {
  readonly g: GraphBuilder
  /** The model's input, [rows, ...], in the user's range. */
  readonly x: Value
  /** [rows, classes]. */
  readonly logits: Value
  /** A declared input, [rows, ...]. */
  input(name: string): Value
  /** Gradient of each row's value of `loss` [rows] for that row's `x`. Throws GRAPH_OP_UNSUPPORTED where there is none. */
  gradient(loss: Value): Value
  /** Another pass of the model, at another point of x's shape. */
  logitsAt(x: Value): Value
}

/**
 * A computation around the model that treats each row by itself: an attack's step, a loss, a gradient. `key` names it
 * within the model: it is compiled once.
 */
export interface ProgramSpec {
  readonly key: string
  readonly inputs: Readonly<Record<string, RowInput>>
  /**
   * Runs the program so many times in one call, each time with `result` of the time before as x. There is then one
   * result, `last`.
   */
  readonly repeat?: { readonly result: string; readonly steps: number }
  /** The results, each with rows as its first axis. */
  build(builder: ProgramBuilder): Readonly<Record<string, Value>>
}

/** Row-major values of `rows` rows, one array an input. */
export type RowData = Readonly<Record<string, Float32Array | BigInt64Array | Uint8Array>>

export interface Program {
  /** Model passes and gradients that one row of one run costs. */
  readonly cost: { readonly forward: number; readonly gradient: number }
  /** Runs over `rows` rows, in batches of the model's own choosing. Results have rows as their first axis. */
  run(rows: number, data: RowData): Promise<Record<string, Float32Array>>
}

/** The plain forward pass: logits [rows, classes]. */
export const forward: ProgramSpec = { key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) }
