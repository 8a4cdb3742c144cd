import { tensor } from '../../onnx/tensor.ts'
import type { Attributes, Graph, Node, Tensor } from '../../onnx/types.ts'
import { nodeNames, unusedNames, valueNames } from '../../onnx/upgrade/names.ts'
import type { Layer } from './layers.ts'
import { channelScales, type Range, type Scale, stored, uint8Scale } from './scales.ts'

/** What became of a layer. */
export interface QuantisedLayer {
  readonly node: string
  readonly op: string
  readonly input: Range & Scale
  /** Of the weights, one an output channel. */
  readonly scales: Float32Array
  /** A bias too large for its scale stays in floats. */
  readonly bias: 'int32' | 'float32' | 'none'
}

interface Rewriter {
  /** With the quantised weights as they become known. */
  readonly initializers: ReadonlyMap<string, Tensor>
  /** The nodes that take the layer's place. */
  layer(layer: Layer): { readonly layer: QuantisedLayer; readonly nodes: readonly Node[] }
}

const largestInt32 = 2 ** 31 - 1

/** Puts layers on quantised inputs and weights; what several layers share is quantised once. */
export const rewriter = (
  graph: Graph,
  constants: ReadonlyMap<string, Tensor>,
  ranges: ReadonlyMap<string, Range>,
  limit: number,
): Rewriter => {
  const unused = unusedNames(valueNames(graph))
  const unusedNode = unusedNames(nodeNames(graph))
  const initializers = new Map(graph.initializers)
  const inputs = new Map<string, string>()
  const weights = new Map<string, { readonly name: string; readonly scales: Float32Array }>()

  const constant = (name: string, value: Tensor): string => {
    const own = unused(name)
    initializers.set(own, value)
    return own
  }
  const made = (op: string, from: readonly string[], result: string, attributes: Attributes = {}): Node => ({
    name: unusedNode(result),
    op,
    domain: '',
    inputs: from,
    outputs: [result],
    attributes,
  })
  const restored = (name: string, value: Tensor, scales: Float32Array, axis: number): Node => {
    const dims = [scales.length]
    const zeroPoints = tensor(value.dtype, dims, new Float32Array(scales.length))
    const from = [
      constant(`${name}/${value.dtype}`, value),
      constant(`${name}/scale`, { dtype: 'float32', dims, data: scales }),
      constant(`${name}/zero-point`, zeroPoints),
    ]
    return made('DequantizeLinear', from, unused(`${name}/dequantised`), { axis: { type: 'int', value: axis } })
  }

  return {
    initializers,
    layer({ node, input, weight, axis, bias }) {
      const nodes: Node[] = []
      const add = (added: Node): string => {
        nodes.push(added)
        return added.outputs[0]!
      }
      const range = ranges.get(input)!
      const { scale, zeroPoint } = uint8Scale(range)
      const rounded = (): string => {
        const parameters = [
          constant(`${input}/scale`, tensor('float32', [], [scale])),
          constant(`${input}/zero-point`, tensor('uint8', [], [zeroPoint])),
        ]
        const quantised = add(made('QuantizeLinear', [input, ...parameters], unused(`${input}/uint8`)))
        return add(made('DequantizeLinear', [quantised, ...parameters], unused(`${input}/dequantised`)))
      }
      const x = inputs.get(input) ?? rounded()
      inputs.set(input, x)
      const compressed = () => {
        const floats = constants.get(weight)!
        const scales = channelScales(floats, axis, limit)
        const values = tensor('int8', floats.dims, stored(floats, axis, scales, limit))
        return { name: add(restored(weight, values, scales, axis)), scales }
      }
      const w = weights.get(`${axis} ${weight}`) ?? compressed()
      weights.set(`${axis} ${weight}`, w)

      const biases = bias === undefined ? undefined : constants.get(bias)
      const biasScales = w.scales.map((each) => each * scale)
      const steps = biases && stored(biases, 0, biasScales, Number.POSITIVE_INFINITY)
      const fits = biases && steps?.every((step) => Math.abs(step) <= largestInt32)
      const b = fits ? add(restored(bias!, tensor('int32', biases.dims, steps!), biasScales, 0)) : node.inputs[2]
      nodes.push({ ...node, inputs: b === undefined ? [x, w.name] : [x, w.name, b] })
      return {
        nodes,
        layer: {
          node: node.name,
          op: node.op,
          input: { ...range, scale, zeroPoint },
          scales: w.scales,
          bias: b === undefined ? 'none' : fits ? 'int32' : 'float32',
        },
      }
    },
  }
}
