import { dtypes } from '../types.ts'
import { defineShape, type Known, typedAs } from './rule.ts'

const named = (code: number) => (code === 0 ? undefined : dtypes[code])

/** The type of the zero point, of output_dtype, or uint8. */
export const quantizeLinear = defineShape({
  op: 'QuantizeLinear',
  infer: ({ inputs: [x, , zero], attributes }) => [
    { dtype: zero?.dtype ?? named(attributes.int('output_dtype', 0)) ?? 'uint8', dims: x?.dims },
  ],
})

/** The type of the scale, or of output_dtype (opset 23). */
export const dequantizeLinear = defineShape({
  op: 'DequantizeLinear',
  infer: ({ inputs: [x, scale], attributes }) => [
    { dtype: named(attributes.int('output_dtype', 0)) ?? scale?.dtype ?? 'undefined', dims: x?.dims },
  ],
})

export const dynamicQuantizeLinear = defineShape({
  op: 'DynamicQuantizeLinear',
  infer: ({ inputs: [x] }): readonly Known[] => [
    { dtype: 'uint8', dims: x?.dims },
    { dtype: 'float32', dims: [] },
    { dtype: 'uint8', dims: [] },
  ],
})

/** Pointwise and pooling forms of quantised graphs: type and shape of the first input. */
export const qLinearUnary = defineShape({
  op: ['QLinearSigmoid', 'QLinearLeakyRelu', 'QLinearSoftmax'],
  domain: 'com.microsoft',
  infer: ({ inputs: [x] }) => [typedAs(x, x?.dims)],
})
