import { BartizanError } from '../../base/errors.ts'
import { toNumbers } from '../tensor.ts'
import type { Dim, Dims } from '../types.ts'
import { checkedAxis } from './broadcast.ts'
import { defineShape, type Known, openDims, typedAs } from './rule.ts'
import { over, plus, times } from './size.ts'

/** Sizes asked for, or floor(size * scale) in float32 as the runtime computes it. */
export const resize = defineShape({
  op: 'Resize',
  infer: ({ inputs: [x, , scales, sizes], attributes, fresh, node }) => {
    const dims = x?.dims
    if (!dims) return [typedAs(x, undefined)]
    const axes = (attributes.ints('axes') ?? dims.map((_, axis) => axis)).map((axis) =>
      checkedAxis(axis, dims.length, `Resize "${node.name}"`),
    )
    const given = scales?.constant && toNumbers(scales.constant)
    const wanted = sizes
      ? resizedTo(axes, dims, sizes, attributes.string('keep_aspect_ratio_policy', 'stretch'))
      : attributes.string('coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize'
        ? undefined
        : given && axes.map((axis, i) => scaled(dims[axis]!, given[i] ?? 1))
    return [
      typedAs(
        x,
        replaced(dims, axes, (i) => wanted?.[i] ?? fresh()),
      ),
    ]
  },
})

const replaced = (dims: Dims, axes: readonly number[], by: (i: number) => Dim): Dims =>
  dims.map((dim, axis) => (axes.includes(axis) ? by(axes.indexOf(axis)) : dim))

const scaled = (size: Dim, scale: number): Dim | undefined => {
  if (typeof size === 'number') return Math.floor(Math.fround(size * Math.fround(scale)))
  return Number.isInteger(scale) ? times([size, scale]) : undefined
}

const resizedTo = (axes: readonly number[], dims: Dims, sizes: Known, policy: string): readonly (Dim | undefined)[] => {
  const wanted = axes.map((_, i) => sizes.elements?.[i])
  if (policy === 'stretch') return wanted
  const ratios = axes.map((axis, i) => Number(wanted[i]) / Number(dims[axis]))
  const ratio = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)
  return axes.map((axis) => (Number.isFinite(ratio) ? Math.floor(ratio * Number(dims[axis]) + 0.5) : undefined))
}

export const depthToSpace = defineShape({
  op: 'DepthToSpace',
  infer: ({ inputs: [x], attributes, fresh }) => {
    const block = attributes.int('blocksize', 1)
    if (x?.dims?.length !== 4) return [typedAs(x, [fresh(), fresh(), fresh(), fresh()])]
    const [n, c, h, w] = x.dims as readonly [Dim, Dim, Dim, Dim]
    return [typedAs(x, [n, over(c, block ** 2) ?? fresh(), times([h, block]) ?? fresh(), times([w, block]) ?? fresh()])]
  },
})

export const spaceToDepth = defineShape({
  op: 'SpaceToDepth',
  infer: ({ inputs: [x], attributes, fresh }) => {
    const block = attributes.int('blocksize', 1)
    if (x?.dims?.length !== 4) return [typedAs(x, [fresh(), fresh(), fresh(), fresh()])]
    const [n, c, h, w] = x.dims as readonly [Dim, Dim, Dim, Dim]
    return [typedAs(x, [n, times([c, block ** 2]) ?? fresh(), over(h, block) ?? fresh(), over(w, block) ?? fresh()])]
  },
})

/** Begins, then ends, of the axes named by the fourth input (all without it); negative pads crop. */
export const pad = defineShape({
  op: 'Pad',
  infer: ({ inputs: [x, pads, , axesInput], fresh, node }) => {
    const dims = x?.dims
    if (!dims) return [typedAs(x, undefined)]
    const axes = axesInput ? axesInput.elements : dims.map((_, axis) => axis)
    if (!axes) return [typedAs(x, dims.map(fresh))]
    const at = axes.map((axis) => checkedAxis(Number(axis), dims.length, `Pad "${node.name}"`))
    const elements = pads?.elements
    if (elements && elements.length !== 2 * at.length)
      throw new BartizanError('GRAPH_INVALID', `Pad "${node.name}": pads [${elements}] for ${at.length} axes`)
    const padded = (i: number): Dim | undefined => {
      const around = elements && plus(elements[i]!, elements[i + at.length]!)
      return around === undefined ? undefined : plus(dims[at[i]!]!, around)
    }
    return [
      typedAs(
        x,
        replaced(dims, at, (i) => padded(i) ?? fresh()),
      ),
    ]
  },
})

export const tile = defineShape({
  op: 'Tile',
  infer: ({ inputs: [x, repeats], fresh }) => [
    typedAs(
      x,
      x?.dims?.map((dim, axis) => times([dim, repeats?.elements?.[axis] ?? fresh()]) ?? fresh()),
    ),
  ],
})

export const centerCropPad = defineShape({
  op: 'CenterCropPad',
  infer: ({ inputs: [x, shape], attributes, fresh, node }) => {
    const dims = x?.dims
    const axes = attributes.ints('axes') ?? dims?.map((_, axis) => axis)
    if (!dims || !axes) return [typedAs(x, undefined)]
    const at = axes.map((axis) => checkedAxis(axis, dims.length, `CenterCropPad "${node.name}"`))
    return [
      typedAs(
        x,
        replaced(dims, at, (i) => shape?.elements?.[i] ?? fresh()),
      ),
    ]
  },
})

/** [N, C] of the picture with the spatial axes of the grid. */
export const gridSample = defineShape({
  op: 'GridSample',
  infer: ({ inputs: [x, grid], fresh }) => {
    const spatial = grid?.dims?.slice(1, -1) ?? x?.dims?.slice(2).map(fresh)
    return [typedAs(x, spatial && [x?.dims?.[0] ?? fresh(), x?.dims?.[1] ?? fresh(), ...spatial])]
  },
})

/** [N, spatial …, coordinates] from the size [N, C, spatial …]. */
export const affineGrid = defineShape({
  op: 'AffineGrid',
  infer: ({ inputs: [theta, size], fresh }) => {
    const sizes = size?.elements ?? openDims(size?.dims?.[0], fresh)
    return [typedAs(theta, sizes && sizes.length > 2 ? [sizes[0]!, ...sizes.slice(2), sizes.length - 2] : undefined)]
  },
})
