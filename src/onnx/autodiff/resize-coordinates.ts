/** One axis that is resized. */
export interface ResizedAxis {
  readonly input: number
  readonly output: number
  readonly scale: number
  /** Region of interest, as fractions of the input; for tf_crop_and_resize. */
  readonly roi: readonly [number, number]
}

type Transformation = (position: number, axis: ResizedAxis) => number

// Single precision throughout, as the runtime computes: rounding decides between neighbours.
const f = Math.fround

const halfPixel: Transformation = (x, { scale }) => f(f(f(x + 0.5) / scale) - 0.5)

/** Coordinate in the input of an output position, by `coordinate_transformation_mode` of ONNX Resize. */
export const transformations: Readonly<Record<string, Transformation>> = {
  half_pixel: halfPixel,
  pytorch_half_pixel: (x, axis) => (axis.output > 1 ? halfPixel(x, axis) : 0),
  half_pixel_symmetric(x, { input, output, scale }) {
    const adjustment = f(output / f(scale * input))
    const offset = f(f(input / 2) * f(1 - adjustment))
    return f(offset + (x + 0.5) / scale - 0.5)
  },
  asymmetric: (x, { scale }) => f(x / scale),
  tf_half_pixel_for_nn: (x, { scale }) => f(f(x + 0.5) / scale),
  align_corners: (x, { input, output }) => (output === 1 ? 0 : f(f(x * (input - 1)) / (output - 1))),
  tf_crop_and_resize(x, { input, output, roi: [start, end] }) {
    const last = input - 1
    if (output === 1) return f(0.5 * f(start + end) * last)
    return f(f(start * last) + f(f(f(x * f(end - start)) * last) / (output - 1)))
  },
}

/** Coordinates this close to the middle between two elements are ties for the runtime. */
const tie = 1e-6

/** The element nearest to a coordinate, by `nearest_mode`; may lie outside of the input. */
export const roundings: Readonly<Record<string, (coordinate: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5 - tie),
  round_prefer_ceil: (x) => Math.floor(x + 0.5 + tie),
  floor: Math.floor,
  ceil: Math.ceil,
}
