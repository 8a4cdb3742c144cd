import type { GraphBuilder, Value } from '../builder.ts'
import type { VjpContext } from './rule.ts'
import { rangeOf, shapeVector, sizeAt } from './shape-vector.ts'
import { unsupportedGradient } from './unsupported.ts'
import { fixedSizes } from './window.ts'

/** Where samples lie along one spatial axis of the image, [rows, points]. */
interface Coordinate {
  readonly position: Value
  /** Derivative of the position for the grid's coordinate; undefined where it is the same everywhere. */
  readonly slope: Value | undefined
  readonly scale: number
}

/** One neighbour of each sample, [rows, points]. */
interface Tap {
  /** Flat position in the image. */
  readonly index: Value
  /** Interpolation weight along each axis, and its derivative for the position; 0 outside where padding is zeros. */
  readonly factors: readonly Value[]
  readonly rising: readonly boolean[]
  readonly inside: Value | undefined
}

/** The image and the samples flattened: X [rows, channels, pixels], dY [rows, channels, points]. */
export interface Sampling {
  readonly X: Value
  readonly dY: Value
  readonly coordinates: readonly Coordinate[]
  readonly taps: readonly Tap[]
}

/** Works out the sampling points of a GridSample node. Throws GRAPH_OP_UNSUPPORTED for cubic and open image sizes. */
export const samplingOf = ({ g, node, attributes, x, dY }: VjpContext): Sampling => {
  const [X, grid] = x as [Value, Value]
  const sizes = fixedSizes(X, 2)
  if (!sizes) throw unsupportedGradient(node, 'needs a fixed image size')
  const mode = attributes.string('mode', 'linear')
  if (mode !== 'linear' && mode !== 'nearest') throw unsupportedGradient(node, `has no form for mode "${mode}"`)
  const padding = attributes.string('padding_mode', 'zeros')
  const alignCorners = attributes.int('align_corners', 0) === 1
  const points = g.reshape(grid, shapeVector(g, [sizeAt(grid, 0), -1, sizes.length]))
  const coordinates = sizes.map((size, axis) => {
    // The grid names the last axis first.
    const at = sizes.length - 1 - axis
    const value = g.squeeze(g.slice(points, [at], [at + 1], [2]), [2])
    return coordinateOf(g, value, size, alignCorners, padding)
  })
  const lead = [sizeAt(X, 0), sizeAt(X, 1), -1] as const
  return {
    X: g.reshape(X, shapeVector(g, lead)),
    dY: g.reshape(dY, shapeVector(g, lead)),
    coordinates,
    taps: tapsOf(g, coordinates, sizes, mode, padding),
  }
}

const coordinateOf = (
  g: GraphBuilder,
  value: Value,
  size: number,
  alignCorners: boolean,
  padding: string,
): Coordinate => {
  const scale = (alignCorners ? size - 1 : size) / 2
  const free = g.add(g.mul(value, scale), (size - 1) / 2)
  if (padding === 'zeros') return { position: free, slope: undefined, scale }
  const [low, high] = alignCorners ? [0, size - 1] : [-0.5, size - 0.5]
  const mirrored = padding === 'reflection' && high > low
  const distance = mirrored
    ? g.op('Mod', [g.abs(g.sub(free, low)), g.scalar(2 * (high - low), free)], { fmod: 1 })
    : free
  const turned = mirrored ? g.greater(distance, high - low) : undefined
  const folded = turned ? g.add(g.where(turned, g.sub(2 * (high - low), distance), distance), low) : free
  const position = g.max(g.min(folded, size - 1), 0)
  const kept = g.cast(g.equal(position, folded), value.dtype)
  if (!turned) return { position, slope: kept, scale }
  const direction = g.mul(g.sign(g.sub(free, low)), g.where(turned, g.scalar(-1, free), 1))
  return { position, slope: g.mul(kept, direction), scale }
}

const tapsOf = (
  g: GraphBuilder,
  coordinates: readonly Coordinate[],
  sizes: readonly number[],
  mode: string,
  padding: string,
): readonly Tap[] => {
  const linear = mode === 'linear'
  const lows = coordinates.map(({ position }) => g.op(linear ? 'Floor' : 'Round', [position]))
  const fractions = coordinates.map(({ position }, axis) => g.sub(position, lows[axis]!))
  return rangeOf(linear ? 2 ** sizes.length : 1).map((corner) => {
    const rising = sizes.map((_, axis) => Boolean((corner >> axis) & 1))
    const places = lows.map((low, axis) => (rising[axis] ? g.add(low, 1) : low))
    const within = places.map((place, axis) => g.equal(clipped(g, place, sizes[axis]!), place))
    const flat = places
      .map((place, axis) => clipped(g, place, sizes[axis]!))
      .reduce((sum, place, axis) => g.add(g.mul(sum, sizes[axis]!), place))
    return {
      index: g.cast(flat, 'int64'),
      factors: linear ? fractions.map((fraction, axis) => (rising[axis] ? fraction : g.sub(1, fraction))) : [],
      rising,
      inside:
        padding === 'zeros'
          ? g.cast(
              within.reduce((a, b) => g.and(a, b)),
              flat.dtype,
            )
          : undefined,
    }
  })
}

const clipped = (g: GraphBuilder, place: Value, size: number): Value => g.max(g.min(place, size - 1), 0)

const product = (g: GraphBuilder, values: readonly (Value | undefined)[]): Value | undefined =>
  values.filter((value) => value !== undefined).reduce<Value | undefined>((a, b) => (a ? g.mul(a, b) : b), undefined)

/** For the image: each sample's gradient added to its neighbours by their weights. */
export const imageGradient = (g: GraphBuilder, { X, dY, taps }: Sampling): Value =>
  taps.reduce((sum, { index, factors, inside }) => {
    const weight = product(g, [...factors, inside])
    const updates = weight ? g.mul(dY, g.unsqueeze(weight, [1])) : dY
    const everyChannel = g.expand(g.unsqueeze(index, [1]), g.shapeOf(dY))
    return g.op('ScatterElements', [sum, everyChannel, updates], { axis: 2, reduction: 'add' })
  }, g.zerosLike(X))

/** For the grid: how much the sampled values change along each axis, [rows, points, axes]. Linear mode only. */
export const gridGradient = (g: GraphBuilder, { X, dY, coordinates, taps }: Sampling): Value => {
  const values = taps.map(({ index }) => {
    const everyChannel = g.expand(g.unsqueeze(index, [1]), g.shapeOf(dY))
    return g.reduceSum(g.mul(dY, g.op('GatherElements', [X, everyChannel], { axis: 2 })), [1])
  })
  const along = coordinates.map(({ slope, scale }, axis) => {
    const terms = taps.map(({ factors, rising, inside }, i) => {
      const term = product(g, [values[i]!, ...factors.filter((_, other) => other !== axis), inside])!
      return rising[axis] ? term : g.neg(term)
    })
    const sum = g.mul(
      terms.reduce((a, b) => g.add(a, b)),
      scale,
    )
    return g.unsqueeze(slope ? g.mul(sum, slope) : sum, [2])
  })
  return g.concat(along.toReversed(), 2)
}
