import { BartizanError } from '../../base/errors.ts'
import type { GraphBuilder, Value } from '../../onnx/builder.ts'
import type { TransformSite } from './transform.ts'

/** How far a window reaches to either side of its pixel; even windows reach one further back, as scipy.ndimage's do. */
export const reachOf = (window: number): { readonly before: number; readonly after: number } => {
  const before = Math.floor(window / 2)
  return { before, after: window - 1 - before }
}

/**
 * Pictures [rows, channels, height, width] with as much around them as a window needs, mirrored with the border pixel
 * itself repeated (d c b a | a b c d | d c b a: scipy.ndimage's mode `reflect`, which ONNX Pad has no mode for).
 * Throws USAGE where the window is larger than the picture.
 */
export const paddedForWindow = ({ g, x, dims }: TransformSite, window: number): Value => {
  const [, height, width] = dims as [number, number, number]
  if (window > Math.min(height, width))
    throw new BartizanError('USAGE', `a window of ${window} pixels is larger than a picture of ${height} x ${width}`, {
      data: { window, height, width },
    })
  const { before, after } = reachOf(window)
  return mirrored(g, mirrored(g, x, 2, height, before, after), 3, width, before, after)
}

const mirrored = (g: GraphBuilder, x: Value, axis: number, size: number, before: number, after: number): Value => {
  const backwards = (first: number, end: number): Value => g.slice(x, [first], [end], [axis], [-1])
  return g.concat(
    [
      ...(before > 0 ? [backwards(before - 1, Number.MIN_SAFE_INTEGER)] : []),
      x,
      ...(after > 0 ? [backwards(size - 1, size - 1 - after)] : []),
    ],
    axis,
  )
}
