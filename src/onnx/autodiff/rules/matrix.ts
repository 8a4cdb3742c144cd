import type { GraphBuilder, Value } from '../../builder.ts'
import { defineRule } from '../rule.ts'
import { unbroadcast } from '../unbroadcast.ts'

/** Swaps the last two axes. */
const T = (g: GraphBuilder, x: Value): Value => {
  const rank = x.dims!.length
  const axes = Array.from({ length: rank }, (_, i) => i)
  return g.transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2])
}

/**
 * A B, batched and broadcast: dA = dY Bᵀ, dB = Aᵀ dY, summed over broadcast batch axes. A vector is a matrix of one row
 * (A) or one column (B) for the while. Weights shared by a batch take one large product instead of many summed ones.
 */
export const matMul = defineRule({
  op: 'MatMul',
  vjp: ({ g, x, dY }) => {
    const [A, B] = x as [Value, Value]
    const [vectorA, vectorB] = [A.dims!.length === 1, B.dims!.length === 1]
    const a = vectorA ? g.unsqueeze(A, [0]) : A
    const b = vectorB ? g.unsqueeze(B, [1]) : B
    const afterA = vectorA ? g.unsqueeze(dY, [vectorB ? 0 : -2]) : dY
    const d = vectorB ? g.unsqueeze(afterA, [-1]) : afterA
    return [
      () => {
        const dA = unbroadcast(g, g.matmul(d, T(g, b)), a)
        return vectorA ? g.squeeze(dA, [0]) : dA
      },
      () => {
        const shared = b.dims!.length === 2 && a.dims!.length > 2
        const dB = shared
          ? g.matmul(g.transpose(flat(g, a), [1, 0]), flat(g, d))
          : unbroadcast(g, g.matmul(T(g, a), d), b)
        return vectorB ? g.squeeze(dB, [1]) : dB
      },
    ]
  },
})

/** All leading axes as one. */
const flat = (g: GraphBuilder, x: Value): Value => {
  const last = x.dims!.at(-1)!
  const columns =
    typeof last === 'number' ? g.ints([last]) : g.slice(g.op('Shape', [x]), [-1], [Number.MAX_SAFE_INTEGER], [0])
  return g.reshape(x, g.concat([g.ints([-1]), columns], 0))
}

/** alpha op(A) op(B) + beta C. */
export const gemm = defineRule({
  op: 'Gemm',
  vjp: ({ g, x, dY, attributes }) => {
    const [A, B, C] = x as [Value, Value, Value | undefined]
    const [transA, transB] = [attributes.int('transA', 0), attributes.int('transB', 0)]
    const [alpha, beta] = [attributes.float('alpha', 1), attributes.float('beta', 1)]
    const product = (P: Value, Q: Value, transP: number, transQ: number): Value =>
      g.op('Gemm', [P, Q], {
        transA: transP,
        transB: transQ,
        ...(alpha !== 1 && { alpha: { type: 'float', value: alpha } }),
      })
    return [
      () => (transA ? product(B, dY, transB, 1) : product(dY, B, 0, 1 - transB)),
      () => (transB ? product(dY, A, 1, transA) : product(A, dY, 1 - transA, 0)),
      () => unbroadcast(g, beta === 1 ? dY : g.mul(dY, beta), C!),
    ]
  },
})
