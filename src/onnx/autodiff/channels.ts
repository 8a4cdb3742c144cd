import type { GraphBuilder, Value } from '../builder.ts'

/** A vector with one entry a channel (axis 1), shaped so that it broadcasts against X [N, C, …]. */
export const perChannel = (g: GraphBuilder, vector: Value, X: Value): Value => {
  const rank = X.dims?.length
  if (rank !== undefined)
    return rank > 2
      ? g.unsqueeze(
          vector,
          Array.from({ length: rank - 2 }, (_, i) => i + 1),
        )
      : vector
  const spatial = g.sub(g.op('Size', [g.op('Shape', [X])]), 2)
  const ones = g.op('ConstantOfShape', [g.reshape(spatial, [1])], {
    value: { dtype: 'int64', dims: [1], data: new BigInt64Array([1n]) },
  })
  return g.reshape(vector, g.concat([g.ints([-1]), ones], 0))
}

/** Sums over all axes but the channels', to a vector. */
export const sumToChannels = (g: GraphBuilder, value: Value): Value => g.reduceSum(g.reshape(value, [0, 0, -1]), [0, 2])
