import type { Preprocessing } from '../../models/head.ts'
import type { GraphBuilder, Value } from '../../onnx/builder.ts'

/** Between values in the user's range and those that the file takes, which preprocessing makes of them. */
interface EntryScale {
  toModel(x: Value): Value
  toUser(x: Value): Value
}

/** (x scale - mean) / std as x factor + offset, per channel or feature, and back. */
export const entryScale = (
  g: GraphBuilder,
  dims: readonly number[],
  preprocessing: Preprocessing | undefined,
): EntryScale => {
  if (!preprocessing) return { toModel: (x) => x, toUser: (x) => x }
  const { scale = 1, mean = [0], std = [1] } = preprocessing
  const each = Math.max(mean.length, std.length)
  const at = (values: readonly number[], i: number): number => values[values.length === 1 ? 0 : i]!
  const perChannel = (of: (i: number) => number): Value =>
    g.constant(
      'float32',
      each === 1 ? [] : [each, ...dims.slice(1).map(() => 1)],
      Array.from({ length: each }, (_, i) => of(i)),
    )
  const factor = perChannel((i) => scale / at(std, i))
  const offset = perChannel((i) => -at(mean, i) / at(std, i))
  return {
    toModel: (x) => g.add(g.mul(x, factor), offset),
    toUser: (x) => g.div(g.sub(x, offset), factor),
  }
}
