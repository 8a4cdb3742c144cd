import type { ProgramBuilder, RowInput } from '../../../models/program.ts'
import type { GraphBuilder, Value } from '../../../onnx/builder.ts'
import { margin } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'

/** What the hinge reads of each row. */
export const hingeInputs = {
  labels: { dtype: 'int64', dims: [] },
  confidence: { dtype: 'float32', dims: [] },
} as const satisfies Record<string, RowInput>

/**
 * max(z_y - max_{j≠y} z_j + confidence, 0), or max(max_{j≠t} z_j - z_t + confidence, 0) towards a target: 0 where the row
 * is broken by that much (Carlini and Wagner 2017, arXiv:1608.04644, f_6). One value a row.
 */
export const hinge = ({ g, input }: Pick<ProgramBuilder, 'g' | 'input'>, logits: Value, towards: boolean): Value => {
  const lead = margin(g, logits, input('labels'))
  return g.op('Relu', [g.add(towards ? lead : g.neg(lead), input('confidence'))])
}

/** A gradient in which coordinates that overflowed point nowhere; the square of any other is finite in float32. */
export const finiteSlope = (g: GraphBuilder, slope: Value): Value => g.where(g.less(g.abs(slope), 1e18), slope, 0)

/** Whether the i-th logits break row `rows[i]`, by a margin of at least `confidence`. */
export const breaksBy =
  ({ goal, labels, targets, target: { classes } }: AttackContext, confidence: number) =>
  (rows: Int32Array, logits: Float32Array): Uint8Array => {
    const broken = goal.broken(rows, logits)
    if (confidence === 0) return broken
    return broken.map((is, i) => {
      const own = targets?.[rows[i]!] ?? labels[rows[i]!]!
      let other = Number.NEGATIVE_INFINITY
      for (let k = 0; k < classes; k++) if (k !== own) other = Math.max(other, logits[i * classes + k]!)
      return Number(is && Math.abs(other - logits[i * classes + own]!) >= confidence)
    })
  }
