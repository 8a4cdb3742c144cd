import type { Classifier } from '../models/classifier.ts'
import type { ProgramSpec, RowData } from '../models/program.ts'
import type { Access } from './access.ts'

/** Model passes and gradients spent, in rows. */
export interface Queries {
  readonly forward: number
  readonly gradient: number
}

/** A model as an attacker meets it: only what the declared access allows, every row of every query counted. */
export interface Target {
  readonly classes: number
  /** The shape of one row. */
  readonly dims: readonly number[]
  /** Logits [rows, classes]. */
  logits(x: Float32Array, rows: number): Promise<Float32Array>
  /** The most likely class of each row. */
  predict(x: Float32Array, rows: number): Promise<Int32Array>
  /** Compiles a computation around the model (gradients); what it costs is counted at each run. */
  program(spec: ProgramSpec): Promise<{ run(rows: number, data: RowData): Promise<Record<string, Float32Array>> }>
  readonly queries: Queries
}

const forward: ProgramSpec = { key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) }

/** Throws INTERNAL where an attack asks for more than its declared access. */
export const targetOf = (model: Classifier, access: Access): Target => {
  const queries = { forward: 0, gradient: 0 }
  const logits: Target['logits'] = async (x, rows) => {
    queries.forward += rows
    const program = await model.program(forward)
    return (await program.run(rows, { x })).logits!
  }
  const denied = (what: string) => () => {
    throw new Error(`an attack declared for ${access} asked for ${what}`)
  }
  return {
    classes: model.classes,
    dims: model.input.dims,
    queries,
    logits: access === 'labels' ? denied('logits') : logits,
    predict: async (x, rows) => argmaxRows(await logits(x, rows), model.classes),
    program:
      access === 'gradients'
        ? async (spec) => {
            const program = await model.program(spec)
            return {
              run(rows, data) {
                queries.forward += rows * program.cost.forward
                queries.gradient += rows * program.cost.gradient
                return program.run(rows, data)
              },
            }
          }
        : denied('gradients'),
  }
}

/** The index of the largest value of each row; the first of equals. */
export const argmaxRows = (values: Float32Array, columns: number): Int32Array => {
  const rows = values.length / columns
  const result = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    let best = 0
    for (let column = 1; column < columns; column++)
      if (values[row * columns + column]! > values[row * columns + best]!) best = column
    result[row] = best
  }
  return result
}
