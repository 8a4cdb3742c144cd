import type { GraphBuilder, Value } from '../../../onnx/builder.ts'
import { asLevels, rounded } from '../levels.ts'

/** The side of a block. */
const side = 8

/** Planes of levels 0 to 255, [rows, channels, height, width], and how they are quantised. */
export interface Planes {
  readonly value: Value
  readonly channels: number
  readonly height: number
  readonly width: number
  /** 64 quantisation steps, in rows. */
  readonly steps: readonly number[]
}

/**
 * What is left of planes after encoding and decoding, levels again: blocks of 8 x 8, cosine transform, quantisation.
 * Sides that are no multiple of 8 are extended by the border, as encoders do. Coefficients are quantised from eighths,
 * and halves away from zero: that is how the Independent JPEG Group's integer transform hands them over, and which side
 * a coefficient falls on changes pixels by several levels.
 */
export const throughBlocks = (g: GraphBuilder, { value, channels, height, width, steps }: Planes): Value => {
  const kernels = g.constant('float32', [channels * side ** 2, 1, side, side], repeated(cosines, channels))
  const table = g.constant('float32', [1, channels * side ** 2, 1, 1], repeated(steps, channels))
  const blocks = { group: channels, strides: [side, side] }
  const extended = extend(g, value, -height & (side - 1), -width & (side - 1))
  const coefficients = g.op('Conv', [g.sub(extended, 128), kernels], blocks)
  const eighths = g.div(rounded(g, g.mul(coefficients, 8)), 8)
  const quotients = g.div(eighths, table)
  // Quotients other than halves are further from a half than this.
  const awayFromZero = g.add(quotients, g.mul(g.sign(quotients), 1e-4))
  const decoded = g.op('ConvTranspose', [g.mul(rounded(g, awayFromZero), table), kernels], blocks)
  const levels = asLevels(g, g.add(decoded, 128), 255)
  return g.slice(levels, [0, 0], [height, width], [2, 3])
}

/** Rows at the bottom and columns at the right that repeat the border. */
export const extend = (g: GraphBuilder, x: Value, rows: number, columns: number): Value =>
  rows === 0 && columns === 0 ? x : g.op('Pad', [x, g.ints([0, 0, 0, 0, 0, 0, rows, columns])], { mode: 'edge' })

export const repeated = (values: readonly number[], times: number): readonly number[] =>
  Array.from({ length: times }, () => values).flat()

/** The basis of the cosine transform in two dimensions, orthonormal: one picture of 8 x 8 a coefficient. */
const cosines: readonly number[] = (() => {
  const positions = Array.from({ length: side }, (_, i) => i)
  const wave = (frequency: number, i: number): number =>
    frequency === 0 ? Math.SQRT1_2 : Math.cos(((2 * i + 1) * frequency * Math.PI) / (2 * side))
  return positions.flatMap((u) =>
    positions.flatMap((v) => positions.flatMap((i) => positions.map((j) => (wave(u, i) * wave(v, j)) / 4))),
  )
})()
