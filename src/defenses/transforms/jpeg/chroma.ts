import type { GraphBuilder, Value } from '../../../onnx/builder.ts'
import { rounded } from '../levels.ts'
import { extend, repeated, throughBlocks } from './blocks.ts'

/**
 * Two planes of colour at half the resolution either way (4:2:0), as libjpeg makes them and back: means of four pixels
 * whose halves round down and up by turns, and on the way back a triangle filter over the nearest pixels.
 */
export const throughChroma = (
  g: GraphBuilder,
  value: Value,
  height: number,
  width: number,
  steps: readonly number[],
): Value => {
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  // Encoders repeat the right border before they halve, the lower one after.
  const whole = Math.ceil(columns / 8) * 8
  const halved = halve(g, extend(g, value, height & 1, 2 * whole - width), whole)
  const decoded = throughBlocks(g, { value: halved, channels: 2, height: rows, width: whole, steps })
  const doubled = double(g, g.slice(decoded, [0], [columns], [3]), columns)
  return g.slice(doubled, [0, 0], [height, width], [2, 3])
}

/** Alternates along the columns. */
const byTurns = (g: GraphBuilder, columns: number, even: number, odd: number): Value =>
  g.constant(
    'float32',
    [1, 1, 1, columns],
    Array.from({ length: columns }, (_, i) => (i % 2 === 0 ? even : odd)),
  )

/** floor((sum of four + 1 or 2) / 4): a half less, and less than the smallest fraction more, makes rounding a floor. */
const halve = (g: GraphBuilder, value: Value, columns: number): Value => {
  const sums = g.op('Conv', [value, g.constant('float32', [2, 1, 2, 2], repeated([1], 8))], {
    group: 2,
    strides: [2, 2],
  })
  return rounded(g, g.add(g.div(sums, 4), byTurns(g, columns, 1 / 4 - 3 / 8, 2 / 4 - 3 / 8)))
}

/** floor((9, 3, 3 and 1 times the nearest pixels + 8 or 7) / 16). */
const double = (g: GraphBuilder, value: Value, columns: number): Value => {
  const around = g.op('Pad', [value, g.ints([0, 0, 1, 1, 0, 0, 1, 1])], { mode: 'edge' })
  const near = [
    [1, 3, 0],
    [0, 3, 1],
  ]
  const phases = near.flatMap((down) => near.map((across) => down.flatMap((a) => across.map((b) => a * b))))
  const kernels = g.constant('float32', [8, 1, 3, 3], repeated(phases.flat(), 2))
  const weighed = g.op('Conv', [around, kernels], { group: 2 })
  const sums = g.op('DepthToSpace', [weighed], { blocksize: 2, mode: 'CRD' })
  return rounded(g, g.add(g.div(sums, 16), byTurns(g, 2 * columns, 8 / 16 - 15 / 32, 7 / 16 - 15 / 32)))
}
