import type { AttackContext } from '../../../threat/attack.ts'

/** What the model's scores say of a point: how far its row is from being broken, and whether it is. */
export interface Scored {
  /** One value a point; the lower the nearer. NaN where the model gives NaN. */
  readonly leads: Float64Array
  /** 1 where the point breaks its row. */
  readonly broken: Uint8Array
}

/** The one question of an attack by scores, under a budget of questions for each row. */
export interface ScoreOracle {
  /** Questions that the row has left. */
  left(row: number): number
  /** Questions that the row has cost. */
  spent(row: number): number
  /** Asks about point i, which belongs to row `rows[i]`: a row may have several points. Beyond the budget it is an error. */
  ask(rows: Int32Array, points: Float32Array): Promise<Scored>
}

export const scoreOracle = ({ rows, target, goal }: AttackContext, budget: number): ScoreOracle => {
  const spent = new Int32Array(rows)
  return {
    left: (row) => budget - spent[row]!,
    spent: (row) => spent[row]!,
    async ask(of, points) {
      for (const row of of)
        if (++spent[row]! > budget) throw new Error(`row ${row} asks for more than its ${budget} queries`)
      const logits = await target.logits(points, of.length)
      const leads = new Float64Array(of.length)
      for (let i = 0; i < of.length; i++)
        leads[i] = goal.lead(of[i]!, logits.subarray(i * target.classes, (i + 1) * target.classes))
      return { leads, broken: goal.broken(of, logits) }
    },
  }
}
