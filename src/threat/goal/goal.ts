import type { TaskKind } from '../../contract/task.ts'
import type { ProgramBuilder, RowData, RowInput } from '../../models/program.ts'
import type { Value } from '../../onnx/builder.ts'

/**
 * What an attack is after, for some rows: when a row is broken, given what the model says of a point, and the loss
 * that brings it there. Rows are numbered as in the attack's context. Attacks ask it in place of classes and
 * cross-entropy, and so work on whatever a model predicts.
 */
export interface Goal {
  readonly task: TaskKind
  /** Names the loss's graph: equal keys are equal graphs. */
  readonly key: string
  /**
   * Ways to break a row, which an attack that climbs a loss tries in turn: a number can go up or down, and no one
   * gradient leads to both. 1 for classes and labels.
   */
  readonly ways: number
  /** What the loss reads of each row beside the outputs. */
  readonly inputs: Readonly<Record<string, RowInput>>
  /** One value a row, [rows], from the model's outputs [rows, columns]: attacks raise it. */
  loss(builder: Pick<ProgramBuilder, 'g' | 'input'>, outputs: Value): Value
  /** The loss's inputs for these rows; `way` from 0. */
  feeds(rows: Int32Array, way: number): RowData
  /** 1 where the i-th outputs, of [rows, columns], break row `rows[i]`. */
  broken(rows: Int32Array, outputs: Float32Array): Uint8Array
  /** What attacks by scores lower: the further down, the nearer is the row to being broken. */
  lead(row: number, outputs: Float32Array): number
  /** The same for some of its rows, numbered anew. */
  of(rows: Int32Array): Goal
}

/** Rows before the attack: which of them there is something to break in, and what breaks them. */
export interface JudgedRows {
  readonly right: readonly boolean[]
  /** Over all rows; it means nothing for those that aren't right. */
  readonly goal: Goal
}
