import { toNumbers } from '../../onnx/tensor.ts'
import type { Tensor } from '../../onnx/types.ts'

/** The values that an activation took. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** value = (stored - zeroPoint) scale. */
export interface Scale {
  readonly scale: number
  readonly zeroPoint: number
}

/** Scale and zero point that spread a range over uint8. 0 is always held exactly: padding and rectifiers give it. */
export const uint8Scale = (range: Range): Scale => {
  const [low, high] = [Math.min(range.low, 0), Math.max(range.high, 0)]
  const scale = Math.fround((high - low) / 255) || 1
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-low / scale))) }
}

/** One scale an entry of `axis`, symmetric about 0, so that the largest weight of each is ±limit. */
export const channelScales = ({ dims, data }: Tensor, axis: number, limit: number): Float32Array => {
  const channel = channelOf(dims, axis)
  const largest = new Float32Array(dims[axis]!)
  for (let i = 0; i < data.length; i++) {
    const c = channel(i)
    largest[c] = Math.max(largest[c]!, Math.abs(Number(data[i])))
  }
  return largest.map((value) => value / limit || 1)
}

/** Each value as the nearest multiple of its channel's scale. */
export const stored = (tensor: Tensor, axis: number, scales: ArrayLike<number>, limit: number): number[] => {
  const channel = channelOf(tensor.dims, axis)
  return toNumbers(tensor).map((value, i) => {
    const steps = Math.round(value / scales[channel(i)]!)
    return Math.min(limit, Math.max(-limit, steps))
  })
}

/** The entry of `axis` that the i-th value of a row-major tensor belongs to. */
const channelOf = (dims: readonly number[], axis: number): ((i: number) => number) => {
  const inner = dims.slice(axis + 1).reduce((size, dim) => size * dim, 1)
  const count = dims[axis]!
  return (i) => Math.floor(i / inner) % count
}
