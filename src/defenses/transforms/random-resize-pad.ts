import { float } from '../../onnx/attributes.ts'
import type { Value } from '../../onnx/builder.ts'
import { placement } from '../../onnx/placement.ts'
import { dtypes } from '../../onnx/types.ts'
import { clipped } from './levels.ts'
import { defineTransform, type TransformSite } from './transform.ts'

/**
 * Each row shrunk to a random size and put at a random place on a ground of the lowest value, anew in every run. Xie et
 * al. enlarge the input instead (299 to 331 pixels); here the network keeps its input size. Bilinear, and so a product
 * of the picture with one matrix from either side, whose gradient is true for the draw of that run. The numbers are the
 * runtime's: sessions of one process may all begin with the same ones, and go on from there run by run.
 */
export const randomResizePad = defineTransform({
  id: 'random-resize-pad',
  title: 'Random resizing and padding',
  reference: 'Xie et al. 2018, arXiv:1711.01991',
  holds:
    'An adaptive attacker averages gradients over draws (expectation over transformation, Athalye et al. 2018, arXiv:1707.07397) and breaks the model as before, at a cost of as many gradients as it averages. Attacks that count on one answer an input are confused only: success must be judged over several draws.',
  random: true,
  rows: 'images',
  parameters: {
    smallest: {
      kind: 'number',
      default: 0.85,
      min: 0.1,
      max: 1,
      help: 'smallest size a picture may be shrunk to, as a share of its sides',
    },
  },
  build(site, { smallest }) {
    const { g, x, dims, low, high } = site
    const [size, top, left] = draws(site)
    const rows = placed(site, dims[1]!, smallest, size, top)
    const columns = placed(site, dims[2]!, smallest, size, left)
    const picture = g.matmul(g.matmul(rows, g.sub(x, low)), g.transpose(columns, [0, 1, 3, 2]))
    return clipped(g, g.add(picture, low), low, high)
  },
})

/** Three numbers from [0, 1) a row, [rows, 1, 1, 1] each, from one node: two nodes' generators may be seeded alike. */
const draws = ({ g, x }: TransformSite): readonly [Value, Value, Value] => {
  const one = g.slice(x, [0, 0, 0], [1, 1, 1], [1, 2, 3])
  const all = g.op('RandomUniformLike', [g.concat([one, one, one], 1)], {
    dtype: dtypes.indexOf('float32'),
    low: float(0),
    high: float(1),
  })
  const at = (i: number): Value => g.slice(all, [i], [i + 1], [1])
  return [at(0), at(1), at(2)]
}

/** A whole number from 0 to `most`, evenly, from a number in [0, 1): float32 may round that up to 1. */
const wholeUpTo = ({ g }: TransformSite, draw: Value, most: Value | number): Value => {
  const count = typeof most === 'number' ? most + 1 : g.add(most, 1)
  return g.min(g.op('Floor', [g.mul(draw, count)]), most)
}

/** Shrinks a side to a random size and puts it at a random place. */
const placed = (site: TransformSite, side: number, smallest: number, size: Value, at: Value): Value => {
  const { g } = site
  const least = Math.max(1, Math.round(smallest * side))
  const shrunk = g.add(wholeUpTo(site, size, side - least), least)
  return placement(g, side, shrunk, wholeUpTo(site, at, g.sub(side, shrunk)))
}
