import { broadcastDims } from './broadcast.ts'
import { gemm, matMulDims } from './matrix.ts'
import type { Known } from './rule.ts'
import { defineShape, typedAs } from './rule.ts'

/** Operators that ONNX Runtime's optimiser writes into the models it saves. */
const domain = 'com.microsoft'

export const unary = defineShape({
  op: ['BiasGelu', 'FastGelu', 'Gelu', 'QuickGelu'],
  domain,
  infer: ({ inputs: [x] }) => [typedAs(x, x?.dims)],
})

/** alpha A B, each with its last two axes swapped where asked. */
export const fusedMatMul = defineShape({
  op: 'FusedMatMul',
  domain,
  infer: ({ inputs: [a, b], attributes, node }) => {
    const isPlain = attributes.int('transBatchA', 0) === 0 && attributes.int('transBatchB', 0) === 0
    const swapped = (x: Known | undefined, name: string) =>
      x?.dims && x.dims.length >= 2 && attributes.int(name, 0) === 1
        ? [...x.dims.slice(0, -2), x.dims.at(-1)!, x.dims.at(-2)!]
        : x?.dims
    const dims = isPlain
      ? matMulDims(swapped(a, 'transA'), swapped(b, 'transB'), `FusedMatMul "${node.name}"`)
      : undefined
    return [typedAs(a, dims)]
  },
})

export const fusedGemm = defineShape({ op: 'FusedGemm', domain, infer: gemm.infer })

/** The normalised sum; the mean, the inverse deviation, and the sum itself. */
export const skipLayerNormalization = defineShape({
  op: ['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization'],
  domain,
  infer: ({ inputs: [x] }) => {
    const statistic: Known = {
      dtype: 'float32',
      dims: x?.dims?.map((dim, axis, all) => (axis < all.length - 1 ? dim : 1)),
    }
    return [typedAs(x, x?.dims), statistic, statistic, typedAs(x, x?.dims)]
  },
})

/** a, its scale and zero point, b, its scale and zero point, and those of the result. */
export const qLinearArithmetic = defineShape({
  op: ['QLinearAdd', 'QLinearMul'],
  domain,
  infer: ({ inputs, node }) => [
    typedAs(inputs[0], broadcastDims([inputs[0]?.dims, inputs[3]?.dims], `${node.op} "${node.name}"`)),
  ],
})
