import { BartizanError } from '../../base/errors.ts'
import type { Dims, TensorType } from '../types.ts'
import { broadcastDims, sameDim } from './broadcast.ts'
import { defineShape, type Known, typedAs } from './rule.ts'

/** Matrix product with numpy's rules: vectors get an axis that goes again, leading axes broadcast. */
export const matMulDims = (a: Dims | undefined, b: Dims | undefined, where: string): Dims | undefined => {
  if (!a || !b) return undefined
  const problem = () => `${where}: shapes [${a}] and [${b}] can't be multiplied`
  if (a.length === 0 || b.length === 0) throw new BartizanError('GRAPH_INVALID', problem())
  const left = a.length === 1 ? [1, ...a] : a
  const right = b.length === 1 ? [...b, 1] : b
  sameDim(left.at(-1)!, right.at(-2)!, problem)
  const batch = broadcastDims([left.slice(0, -2), right.slice(0, -2)], where)!
  return [...batch, ...(a.length === 1 ? [] : [left.at(-2)!]), ...(b.length === 1 ? [] : [right.at(-1)!])]
}

export const matMul = defineShape({
  op: 'MatMul',
  infer: ({ inputs: [a, b], node }) => [typedAs(a, matMulDims(a?.dims, b?.dims, `MatMul "${node.name}"`))],
})

export const matMulInteger = defineShape({
  op: 'MatMulInteger',
  infer: ({ inputs: [a, b], node }) => [
    { dtype: 'int32', dims: matMulDims(a?.dims, b?.dims, `MatMulInteger "${node.name}"`) },
  ],
})

/** Inputs: a, its scale and zero point, b, its scale and zero point, y's scale and zero point. */
export const qLinearMatMul = defineShape({
  op: 'QLinearMatMul',
  infer: ({ inputs, node }) => [
    typedAs(inputs[7], matMulDims(inputs[0]?.dims, inputs[3]?.dims, `QLinearMatMul "${node.name}"`)),
  ],
})

/** alpha A B + beta C, matrices only. */
export const gemm = defineShape({
  op: 'Gemm',
  infer: ({ inputs: [a, b], attributes, fresh, node }) => {
    const left = oriented(a, attributes.int('transA', 0) === 1, `Gemm "${node.name}"`)
    const right = oriented(b, attributes.int('transB', 0) === 1, `Gemm "${node.name}"`)
    if (left && right)
      sameDim(left[1]!, right[0]!, () => `Gemm "${node.name}": shapes [${a?.dims}] and [${b?.dims}] don't fit`)
    return [typedAs(a, [left?.[0] ?? fresh(), right?.[1] ?? fresh()])]
  },
})

const oriented = (x: TensorType | undefined, transposed: boolean, where: string): Dims | undefined => {
  if (x?.dims && x.dims.length !== 2)
    throw new BartizanError('GRAPH_INVALID', `${where}: shape [${x.dims}] is no matrix`)
  return transposed ? x?.dims?.toReversed() : x?.dims
}

export const det = defineShape({
  op: 'Det',
  infer: ({ inputs: [x] }): readonly Known[] => [typedAs(x, x?.dims?.slice(0, -2))],
})
