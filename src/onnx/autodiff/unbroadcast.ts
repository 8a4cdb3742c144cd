import type { GraphBuilder, Value } from '../builder.ts'

/**
 * The gradient of broadcasting: sums `dY` over the axes along which `x` was stretched, to the shape of `x`.
 * Axes are chosen from the shapes where they are known, and by the graph itself at run time where they aren't.
 */
export const unbroadcast = (g: GraphBuilder, dY: Value, x: Value): Value => {
  const [from, to] = [dY.dims, x.dims]
  if (!from || !to) return unbroadcastAtRunTime(g, dY, x)
  const lead = from.length - to.length
  const stretched = to.flatMap((dim, axis) => (dim === 1 && from[lead + axis] !== 1 ? [lead + axis] : []))
  // A name against a number may be a hidden 1; only the run can tell.
  if (to.some((dim, axis) => typeof dim === 'string' && typeof from[lead + axis] === 'number'))
    return unbroadcastAtRunTime(g, dY, x)
  const leading = Array.from({ length: lead }, (_, axis) => axis)
  const kept = stretched.length > 0 ? g.reduceSum(dY, stretched, true) : dY
  return lead > 0 ? g.reduceSum(kept, leading) : kept
}

const unbroadcastAtRunTime = (g: GraphBuilder, dY: Value, x: Value): Value => {
  const shape = g.op('Shape', [x])
  const wanted = g.op('Shape', [dY])
  const missing = g.sub(g.op('Size', [wanted]), g.op('Size', [shape]))
  const ones = g.op('ConstantOfShape', [g.reshape(missing, [1])], {
    value: { dtype: 'int64', dims: [1], data: new BigInt64Array([1n]) },
  })
  const padded = g.concat([ones, shape], 0)
  const axes = g.reshape(g.op('NonZero', [g.not(g.equal(padded, wanted))]), [-1])
  return g.reshape(g.op('ReduceSum', [dY, axes], { keepdims: 1, noop_with_empty_axes: 1 }), shape)
}
