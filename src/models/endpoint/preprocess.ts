import type { Preprocessing } from '../head.ts'

/**
 * What the server is sent of rows in the declared range: (x scale - mean) / std in float32, one number a channel of
 * images and sequences (first axis of a row) or a feature of tables.
 */
export const preprocessed = (
  x: Float32Array,
  { scale = 1, mean = [0], std = [1] }: Preprocessing,
  dims: readonly number[],
): Float32Array => {
  const [channels = 1, ...inner] = dims
  const each = inner.reduce((product, dim) => product * dim, 1)
  const { fround } = Math
  const of = (values: readonly number[], channel: number): number =>
    fround(values.length === 1 ? values[0]! : values[channel]!)
  return x.map((value, i) => {
    const channel = Math.floor(i / each) % channels
    return fround(fround(fround(value * fround(scale)) - of(mean, channel)) / of(std, channel))
  })
}
