import { attributesOf } from '../onnx/attributes.ts'
import { kernelProducts } from '../onnx/autodiff/weight-gradient.ts'
import { fixedSizes, windowOf } from '../onnx/autodiff/window.ts'
import type { GraphBuilder, Value } from '../onnx/builder.ts'
import type { Node } from '../onnx/types.ts'

/** How the squared norm of each row's gradient for one weight follows from the gradient of its layer's output. */
export interface NormRule {
  readonly output: Value
  /** [rows], of the gradient of `output`. */
  square(dY: Value): Value
}

type Square = (context: {
  readonly g: GraphBuilder
  readonly node: Node
  readonly weight: Value
}) => NormRule['square'] | undefined

/** By operator, then by which input the weight is; undefined where the layer's form isn't a known one. */
const rules: Readonly<Record<string, readonly (Square | undefined)[]>> = {
  /** For x W with one x a row the gradient is x dYᵀ: its norm is the product of both norms. */
  Gemm: [
    undefined,
    ({ g, node }) => {
      const attributes = attributesOf(node)
      if (attributes.int('transA', 0) === 1) return undefined
      const alpha = attributes.float('alpha', 1)
      return (dY) => g.mul(g.mul(sumOfSquares(g, g.value(node.inputs[0]!)), sumOfSquares(g, dY)), alpha * alpha)
    },
    (context) => {
      const beta = attributesOf(context.node).float('beta', 1)
      const square = added(context)
      return square && ((dY) => context.g.mul(square(dY), beta * beta))
    },
  ],
  MatMul: [
    undefined,
    ({ g, node, weight }) => {
      const A = g.value(node.inputs[0]!)
      const [rank, sizes] = [A.dims!.length, fixedSizes(weight)]
      if (sizes?.length !== 2 || rank < 2) return undefined
      if (rank === 2) return (dY) => g.mul(sumOfSquares(g, A), sumOfSquares(g, dY))
      const [inputs, outputs] = sizes as readonly [number, number]
      return (dY) => {
        const positions = g.transpose(g.reshape(A, [0, -1, inputs]), [0, 2, 1])
        return sumOfSquares(g, g.matmul(positions, g.reshape(dY, [0, -1, outputs])))
      }
    },
  ],
  Conv: [
    undefined,
    ({ g, node, weight }) => {
      const [attributes, X, kernel] = [attributesOf(node), g.value(node.inputs[0]!), fixedSizes(weight, 2)]
      const group = attributes.int('group', 1)
      if (!kernel || kernel.length > 2 || group !== 1 || !fixedSizes(g.value(node.outputs[0]!), 2)) return undefined
      const convolution = { X, W: weight, window: windowOf(node, attributes, kernel, X), group }
      return (dY) =>
        kernelProducts(g, convolution, dY)!
          .map((product) => sumOfSquares(g, product))
          .reduce((sum, term) => g.add(sum, term))
    },
    ({ g, node }) => {
      const axes = g
        .value(node.outputs[0]!)
        .dims!.map((_, axis) => axis)
        .slice(2)
      return (dY) => sumOfSquares(g, g.reduceSum(dY, axes, true))
    },
  ],
  Add: [(context) => added(context), (context) => added(context)],
}

/** The rule for the weight that is input `index` of a node; its output must have the rows as its first axis. */
export const normRuleOf = (g: GraphBuilder, node: Node, index: number): NormRule | undefined => {
  const output = g.value(node.outputs[0]!)
  if (node.domain !== '' || output.dims?.[0] !== 'batch' || output.dims.length < 2) return undefined
  const square = rules[node.op]?.[index]?.({ g, node, weight: g.value(node.inputs[index]!) })
  return square && { output, square }
}

/** What is added to every row, perhaps broadcast: the gradient is summed where it was. */
const added: Square = ({ g, node, weight }) => {
  const [{ length: rank }, sizes] = [g.value(node.outputs[0]!).dims!, fixedSizes(weight)]
  if (!sizes || sizes.length > rank || (sizes.length === rank && sizes[0] !== 1)) return undefined
  const missing = rank - sizes.length
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => axis > 0 && (axis < missing || sizes[axis - missing] === 1),
  )
  return (dY) => sumOfSquares(g, axes.length > 0 ? g.reduceSum(dY, axes, true) : dY)
}

/** Of each row; a row is not a single number here. */
const sumOfSquares = (g: GraphBuilder, value: Value): Value => {
  const axes = value.dims!.map((_, axis) => axis).slice(1)
  return g.op('ReduceSumSquare', [value, g.ints(axes)], { keepdims: 0 })
}
