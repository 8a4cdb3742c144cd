import type { AttackContext } from '../../../threat/attack.ts'

/** The one question of a decision-based attack, under a budget of questions for each row. */
export interface LabelOracle {
  /** Questions that the row has left. */
  left(row: number): number
  /**
   * Whether point i is adversarial for row `rows[i]`: a row may have several points. 1 where it is. Where a table has
   * constraints, `points` are brought into them first, in place: what is asked about is a row that may be.
   */
  ask(rows: Int32Array, points: Float32Array): Promise<Uint8Array>
}

/** Points are adversarial where they break the row: another label than its own, its target, a number too far off. Asking beyond the budget is an error. */
export const labelOracle = (context: AttackContext, budget: number): LabelOracle => {
  const { rows, x0, size, constraints } = context
  const spent = new Int32Array(rows)
  const clean = constraints && Array.from({ length: rows }, (_, row) => x0.subarray(row * size, (row + 1) * size))
  return {
    left: (row) => budget - spent[row]!,
    async ask(of, points) {
      if (of.length === 0) return new Uint8Array(0)
      for (let i = 0; i < of.length; i++)
        if (++spent[of[i]!]! > budget) throw new Error(`row ${of[i]} asks for more than its ${budget} queries`)
      for (let i = 0; clean && i < of.length; i++) {
        const point = points.subarray(i * size, (i + 1) * size)
        constraints.repair(clean[of[i]!]!, point, undefined, point)
      }
      return context.target.decide(context.goal, points, of)
    },
  }
}
