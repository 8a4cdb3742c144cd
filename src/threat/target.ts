import { argmaxRows } from '../base/argmax.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import { forward, type ProgramSpec, type RowData } from '../models/program.ts'
import { needTrees, type TreeModel } from '../models/trees/index.ts'
import type { Access } from './access.ts'
import type { Goal } from './goal/goal.ts'

/** Model passes and gradients spent, in rows. */
export interface Queries {
  readonly forward: number
  readonly gradient: number
}

/** A model as an attacker meets it: only what the declared access allows, every row of every query counted. */
export interface Target {
  /** Columns of the model's outputs: classes, numbers or labels. */
  readonly classes: number
  /** The shape of one row. */
  readonly dims: readonly number[]
  /** Logits [rows, classes]; the numbers, or the labels' logits, of other models. */
  logits(x: Float32Array, rows: number): Promise<Float32Array>
  /** The most likely class of each row. */
  predict(x: Float32Array, rows: number): Promise<Int32Array>
  /** 1 where point i breaks row `rows[i]` of the goal: all that who sees labels only is told. A row may have several. */
  decide(goal: Goal, x: Float32Array, rows: Int32Array): Promise<Uint8Array>
  /** Compiles a computation around the model (gradients); what it costs is counted at each run. */
  program(spec: ProgramSpec): Promise<{ run(rows: number, data: RowData): Promise<Record<string, Float32Array>> }>
  /**
   * The ensemble of trees that the model's file holds, to be searched by the attacker's own means; `count` adds what that
   * would have cost in rows of forward passes. Throws ATTACK_NOT_APPLICABLE where it holds none.
   */
  trees(): { readonly model: TreeModel; count(rows: number): void }
  readonly queries: Queries
}

/** Throws INTERNAL where an attack asks for more than its declared access. */
export const targetOf = (model: AttackedModel, access: Access): Target => {
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
    logits: access === 'labels' || access === 'nothing' ? denied('logits') : logits,
    predict:
      access === 'nothing' ? denied('labels') : async (x, rows) => argmaxRows(await logits(x, rows), model.classes),
    decide:
      access === 'nothing'
        ? denied('labels')
        : async (goal, x, rows) => goal.broken(rows, await logits(x, rows.length)),
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
    trees:
      access === 'weights'
        ? () => ({
            model: needTrees(model),
            count(rows) {
              queries.forward += rows
            },
          })
        : denied('weights'),
  }
}
