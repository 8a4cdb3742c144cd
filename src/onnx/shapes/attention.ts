import { BartizanError } from '../../base/errors.ts'
import type { Dim } from '../types.ts'
import { defineShape, typedAs } from './rule.ts'
import { over, plus, times } from './size.ts'

/**
 * Scaled dot-product attention (opset 23): [batch, heads, steps, size] or [batch, steps, heads * size]. The keys and
 * values with those of the past before them, and the scores, are always given by head.
 */
export const attention = defineShape({
  op: 'Attention',
  infer: ({ inputs: [q, k, v, , pastKey], attributes, fresh, node }) => {
    if (!q?.dims || !k?.dims || !v?.dims) return [typedAs(q, undefined)]
    if ([q, k, v].some(({ dims }) => dims?.length !== 3 && dims?.length !== 4))
      throw new BartizanError(
        'GRAPH_INVALID',
        `Attention "${node.name}": shapes [${q.dims}], [${k.dims}] and [${v.dims}] have no heads`,
      )
    const [heads, keyHeads] = [attributes.int('q_num_heads', 1), attributes.int('kv_num_heads', 1)]
    const byHead = (dims: readonly Dim[], count: number): readonly Dim[] =>
      dims.length === 4 ? dims : [dims[0]!, count, dims[1]!, over(dims[2]!, count) ?? fresh()]
    const [batch, queryHeads, steps] = byHead(q.dims, heads) as readonly [Dim, Dim, Dim]
    const [, kvHeads, own, keySize] = byHead(k.dims, keyHeads) as readonly [Dim, Dim, Dim, Dim]
    const size = byHead(v.dims, keyHeads)[3]!
    const total = pastKey ? ((pastKey.dims && plus(pastKey.dims[2]!, own)) ?? fresh()) : own
    const flat = times([queryHeads, size]) ?? fresh()
    return [
      typedAs(q, q.dims.length === 4 ? [batch, queryHeads, steps, size] : [batch, steps, flat]),
      typedAs(k, [batch, kvHeads, total, keySize]),
      typedAs(v, [batch, kvHeads, total, size]),
      typedAs(q, [batch, queryHeads, steps, total]),
    ]
  },
})
