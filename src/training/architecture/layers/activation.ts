import { float } from '../../../onnx/attributes.ts'
import { defineLayer, type LayerKind } from '../layer.ts'

const activation = (name: string, op: string, help: string): LayerKind =>
  defineLayer({ name, usage: name, help, read: () => (draft, x) => draft.node(draft.named(name), op, [x]) })

export const relu = activation('relu', 'Relu', 'max(x, 0)')
export const elu = activation('elu', 'Elu', 'x, and e^x - 1 below 0')
export const selu = activation(
  'selu',
  'Selu',
  'ELU scaled so that layers keep mean 0 and variance 1 (arXiv:1706.02515)',
)
export const gelu = activation('gelu', 'Gelu', 'x times the normal distribution function of x (arXiv:1606.08415)')
export const tanh = activation('tanh', 'Tanh', 'hyperbolic tangent')
export const sigmoid = activation('sigmoid', 'Sigmoid', '1 / (1 + e^-x)')
export const hardSwish = activation('hardswish', 'HardSwish', 'x times a clipped line in place of the sigmoid')
export const mish = activation('mish', 'Mish', 'x tanh(softplus(x)) (arXiv:1908.08681)')
export const softplus = activation('softplus', 'Softplus', 'log(1 + e^x)')

export const leakyRelu = defineLayer({
  name: 'leakyrelu',
  usage: 'leakyrelu [SLOPE]',
  help: 'x, and the slope (0.01) times x below 0',
  read(args) {
    const slope = args.number('the slope', 0, 1, 0.01)
    return (draft, x) => draft.node(draft.named('leakyrelu'), 'LeakyRelu', [x], { alpha: float(slope) })
  },
})

/** Swish became an operator in opset 24; until then it is two. */
export const swish = defineLayer({
  name: ['swish', 'silu'],
  usage: 'swish',
  help: 'x sigmoid(x) (arXiv:1710.05941)',
  read: () => (draft, x) => {
    const name = draft.named('swish')
    return draft.node(name, 'Mul', [x, draft.node(`${name}.sigmoid`, 'Sigmoid', [x])])
  },
})
