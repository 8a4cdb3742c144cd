import { type ResizedAxis, roundings, transformations } from './resize-coordinates.ts'

/** How values between input elements are found: attributes of ONNX Resize, opset 19. */
export interface Interpolation {
  readonly mode: string
  readonly coordinates: string
  readonly nearestMode: string
  readonly cubicCoefficient: number
  readonly excludeOutside: boolean
  readonly antialias: boolean
}

/** The weights of the input elements in one output element; those left out are 0. */
type Row = ReadonlyMap<number, number>

/**
 * Resize along one axis as a matrix [output][input]: the operator is linear and works axis by axis. Outside of the
 * region of tf_crop_and_resize the output is a constant, so its row is 0. Undefined for a mode that ONNX doesn't name.
 */
export const resizeMatrix = (axis: ResizedAxis, how: Interpolation): readonly (readonly number[])[] | undefined => {
  const transform = transformations[how.coordinates]
  const rule = rowRule(axis, how)
  if (!transform || !rule) return undefined
  const crops = how.coordinates === 'tf_crop_and_resize'
  return Array.from({ length: axis.output }, (_, position) => {
    const coordinate = transform(position, axis)
    const row = crops && (coordinate < 0 || coordinate > axis.input - 1) ? new Map() : rule(coordinate)
    return Array.from({ length: axis.input }, (_, i) => row.get(i) ?? 0)
  })
}

const rowRule = (axis: ResizedAxis, how: Interpolation): ((coordinate: number) => Row) | undefined => {
  const { input } = axis
  const into = (i: number) => Math.min(Math.max(i, 0), input - 1)
  switch (how.mode) {
    case 'nearest': {
      const round = roundings[how.nearestMode]
      return round && ((coordinate) => new Map([[into(round(coordinate)), 1]]))
    }
    case 'linear':
      if (how.antialias) return (coordinate) => filtered(axis, how, coordinate, 1, triangle)
      return (coordinate) => {
        const x = into(coordinate)
        const low = Math.floor(x)
        return low === x
          ? new Map([[low, 1]])
          : new Map([
              [low, low + 1 - x],
              [low + 1, x - low],
            ])
      }
    case 'cubic': {
      const kernel = keys(how.cubicCoefficient)
      if (how.antialias) return (coordinate) => filtered(axis, how, coordinate, 2, kernel)
      return (coordinate) => {
        const low = Math.floor(coordinate)
        const taps = [-1, 0, 1, 2].map((offset) => low + offset)
        return weighted(axis, how, taps, (i) => kernel(coordinate - i))
      }
    }
    default:
      return undefined
  }
}

const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance))

/** The cubic convolution kernel with coefficient a (Keys 1981, doi:10.1109/TASSP.1981.1163711). */
const keys =
  (a: number) =>
  (distance: number): number => {
    const x = Math.abs(distance)
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }

/** Antialiasing: the kernel is stretched by the shrinking factor, so that every input element counts. */
const filtered = (
  axis: ResizedAxis,
  how: Interpolation,
  coordinate: number,
  radius: number,
  kernel: (distance: number) => number,
): Row => {
  const stretch = Math.max(1, 1 / axis.scale)
  const first = Math.floor(coordinate - radius * stretch) + 1
  const last = Math.ceil(coordinate + radius * stretch) - 1
  const taps = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  return weighted(axis, { ...how, antialias: true }, taps, (i) => kernel((i - coordinate) / stretch))
}

/** Weights of taps that may lie outside: those repeat the border, or are left out and the others made to sum to 1. */
const weighted = (
  { input }: ResizedAxis,
  { excludeOutside, antialias }: Interpolation,
  taps: readonly number[],
  weightOf: (tap: number) => number,
): Row => {
  const kept = excludeOutside ? taps.filter((tap) => tap >= 0 && tap < input) : taps
  const total = excludeOutside || antialias ? kept.reduce((sum, tap) => sum + weightOf(tap), 0) : 1
  const row = new Map<number, number>()
  for (const tap of kept) {
    const i = Math.min(Math.max(tap, 0), input - 1)
    row.set(i, (row.get(i) ?? 0) + weightOf(tap) / total)
  }
  return row
}
