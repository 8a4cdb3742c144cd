import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { graphBuilder, type Value } from '../../onnx/builder.ts'
import { normalise } from '../../onnx/normalise.ts'
import { readModel } from '../../onnx/read.ts'
import { modelOf } from '../../onnx/session.ts'
import { tensor } from '../../onnx/tensor.ts'
import type { Model, Node, Tensor } from '../../onnx/types.ts'
import { weightsOf } from './weights.ts'

const found = (model: Model): readonly string[] => weightsOf(normalise(model).graph, model, model.graph.inputs[0]!.name)

const stored = async (name: string): Promise<Model> =>
  readModel(await readFile(new URL(`../../../test/fixtures/models/${name}.onnx`, import.meta.url)))

const node = (op: string, inputs: readonly string[], output: string, attributes: Node['attributes'] = {}): Node => ({
  name: output,
  op,
  domain: '',
  inputs,
  outputs: [output],
  attributes,
})

const ones = (...dims: readonly number[]): Tensor =>
  tensor('float32', dims, Array(dims.reduce((a, b) => a * b, 1)).fill(1))

/** A network of nodes on `input` [batch, 4] with these values in its file. */
const network = (nodes: readonly Node[], values: Readonly<Record<string, Tensor>>): Model =>
  modelOf({
    name: 'network',
    nodes,
    inputs: [{ name: 'input', dtype: 'float32', dims: ['batch', 4] }],
    outputs: [{ name: nodes.at(-1)!.outputs[0]!, dtype: 'float32', dims: undefined }],
    initializers: new Map(Object.entries(values)),
  })

describe('the weights of trained networks', () => {
  it.each([
    ['mnist-cnn-at', []],
    ['fashion-resnet', []],
    ['seq-lstm', []],
    ['seq-transformer', []],
    ['token-transformer', []],
    ['breast-cancer-mlp', ['mu', 'sd']],
  ] as const)('of %s are all float initializers but %j', async (name, none) => {
    const model = await stored(name)
    const floats = [...model.graph.initializers].filter(([, { dtype }]) => dtype === 'float32').map(([key]) => key)
    expect([...found(model)].toSorted()).toEqual(floats.filter((key) => !none.includes(key as never)).toSorted())
  })

  it('of batch normalisation are its scales and biases, not its running statistics', async () => {
    const names = found(await stored('fashion-resnet-bn'))
    expect(names).toContain('l2.sc.1.weight')
    expect(names.filter((name) => name.includes('running'))).toEqual([])
  })

  it('of trees are none', async () => {
    expect(found(await stored('breast-cancer-forest'))).toEqual([])
  })
})

describe('what is a weight', () => {
  const layer = node('MatMul', ['input', 'kernel'], 'product')
  const after = (...nodes: readonly Node[]) => [layer, ...nodes]

  it.each<[string, readonly Node[], Readonly<Record<string, Tensor>>, readonly string[]]>([
    ['a bias after a product', after(node('Add', ['bias', 'product'], 'y')), { bias: ones(3) }, ['bias']],
    ['a single bias after a product', after(node('Add', ['product', 'bias'], 'y')), { bias: ones(1) }, ['bias']],
    ['no scalar', after(node('Add', ['product', 'epsilon'], 'y')), { epsilon: ones() }, []],
    ['no single factor', after(node('Mul', ['product', 'factor'], 'y')), { factor: ones(1) }, []],
    ['a scale', after(node('Tanh', ['product'], 'z'), node('Mul', ['z', 'scale'], 'y')), { scale: ones(3) }, ['scale']],
    ['no divisor', after(node('Div', ['product', 'deviation'], 'y')), { deviation: ones(3) }, []],
    ['no mask', after(node('Add', ['product', 'mask'], 'y')), { mask: tensor('float32', [3], [0, -1e9, 0]) }, []],
    [
      'no preprocessing',
      [node('Mul', ['input', 'range'], 'x'), node('MatMul', ['x', 'kernel'], 'y')],
      { range: ones(4) },
      [],
    ],
    [
      'a kernel that is moved first',
      after(
        node('Transpose', ['other'], 'turned', { perm: { type: 'ints', value: [1, 0] } }),
        node('MatMul', ['product', 'turned'], 'y'),
      ),
      { other: ones(2, 3) },
      ['other'],
    ],
    [
      'no table of other types',
      after(node('Add', ['product', 'table'], 'y')),
      { table: tensor('float64', [3], [1, 2, 3]) },
      [],
    ],
  ])('%s', (_, nodes, values, expected) => {
    expect(found(network(nodes, { kernel: ones(4, 3), ...values }))).toEqual(
      nodes[0] === layer ? ['kernel', ...expected] : [...expected, 'kernel'],
    )
  })

  it('a Constant node where a layer reads it, not beside one', () => {
    const constant = (name: string, value: Tensor) => node('Constant', [], name, { value: { type: 'tensor', value } })
    const model = network(
      [
        constant('kernel', ones(4, 3)),
        constant('bias', ones(3)),
        constant('range', ones(3)),
        layer,
        node('Add', ['product', 'bias'], 'z'),
        node('Mul', ['z', 'range'], 'y'),
      ],
      {},
    )
    expect(found(model)).toEqual(['kernel', 'bias'])
  })

  it('nothing that the network computed itself', () => {
    const g = graphBuilder()
    const x = g.input('input', 'float32', ['batch', 4])
    const square: Value = g.matmul(g.unsqueeze(x, [2]), g.unsqueeze(x, [1]))
    g.output('y', g.reduceSum(square, [2]))
    expect(found(modelOf(g.build()))).toEqual([])
  })
})
