import type { GraphBuilder, Value } from './builder.ts'

/**
 * The matrix [rows, 1, side, side] that shrinks a side of `side` pixels bilinearly to `shrunk` of them and puts them
 * `start` pixels from its beginning: what each output pixel is made of, nothing where the ground is. `shrunk` and `start`
 * hold whole numbers, [rows, 1, 1, 1]; a side that keeps its size gets the identity, exactly.
 */
export const placement = (g: GraphBuilder, side: number, shrunk: Value, start: Value): Value => {
  const pixels = Array.from({ length: side }, (_, i) => i)
  const position = g.sub(g.constant('float32', [1, 1, side, 1], pixels), start)
  const inside = g.and(g.greaterOrEqual(position, 0), g.less(position, shrunk))
  // Pixels are their centres; what lies beyond the outermost centres is the outermost pixel.
  const source = g.sub(g.mul(g.add(position, 0.5), g.div(side, shrunk)), 0.5)
  const held = g.min(g.max(source, 0), side - 1)
  const distance = g.abs(g.sub(held, g.constant('float32', [1, 1, 1, side], pixels)))
  return g.where(inside, g.max(g.sub(1, distance), 0), 0)
}
