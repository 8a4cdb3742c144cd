import { broadcastDims } from './broadcast.ts'
import { defineShape, type Known, type ShapeRequest } from './rule.ts'

const first = ({ inputs }: ShapeRequest): Known => ({ dtype: inputs[0]?.dtype ?? 'undefined', dims: inputs[0]?.dims })

/** One input, same shape and type out. */
export const unary = defineShape({
  op: [
    ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'BitwiseNot', 'Ceil', 'Celu', 'Clip', 'Cos', 'Cosh'],
    ...['CumProd', 'CumSum', 'Elu', 'Erf', 'Exp', 'Floor', 'Gelu', 'GroupNormalization', 'HardSigmoid', 'HardSwish'],
    ...['Hardmax', 'Identity', 'InstanceNormalization', 'LRN', 'LeakyRelu', 'Log', 'LogSoftmax', 'LpNormalization'],
    ...['MeanVarianceNormalization', 'Mish', 'Neg', 'Not', 'PRelu', 'Reciprocal', 'Relu', 'RotaryEmbedding', 'Round'],
    ...['Selu', 'Shrink', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softmax', 'Softplus', 'Softsign', 'Sqrt', 'Swish', 'Tan'],
    ...['Tanh', 'ThresholdedRelu', 'Trilu'],
  ],
  infer: (request) => [{ ...first(request), ...(request.node.op === 'Identity' ? request.inputs[0] : {}) }],
})

/** Several inputs, broadcast against one another, type of the first. */
export const arithmetic = defineShape({
  op: [
    ...['Add', 'BitShift', 'BitwiseAnd', 'BitwiseOr', 'BitwiseXor', 'Div', 'Max', 'Mean', 'Min', 'Mod', 'Mul', 'Pow'],
    ...['StringConcat', 'Sub', 'Sum'],
  ],
  infer: ({ inputs, node }) => [
    {
      dtype: inputs[0]?.dtype ?? 'undefined',
      dims: broadcastDims(
        inputs.map((x) => x?.dims),
        node.name,
      ),
    },
  ],
})

/** Broadcast, boolean out. */
export const comparison = defineShape({
  op: [
    'And',
    'Equal',
    'RegexFullMatch',
    'Greater',
    'GreaterOrEqual',
    'IsInf',
    'IsNaN',
    'Less',
    'LessOrEqual',
    'Or',
    'Xor',
  ],
  infer: ({ inputs, node }) => [
    {
      dtype: 'bool',
      dims: broadcastDims(
        inputs.map((x) => x?.dims),
        node.name,
      ),
    },
  ],
})

export const where = defineShape({
  op: 'Where',
  infer: ({ inputs, node }) => [
    {
      dtype: inputs[1]?.dtype ?? 'undefined',
      dims: broadcastDims(
        inputs.map((x) => x?.dims),
        node.name,
      ),
    },
  ],
})
