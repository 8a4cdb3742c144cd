import { describe, expect, it } from 'vitest'
import { type AttributeInput, attributesFrom, float } from '../attributes.ts'
import { normalise } from '../normalise.ts'
import { readModel } from '../read.ts'
import { modelOf } from '../session.ts'
import { tensor } from '../tensor.ts'
import type { Attribute, Graph, LocalFunction, Model, Node } from '../types.ts'
import { writeModel } from '../write.ts'
import { inlineFunctions } from './inline-functions.ts'
import { differences } from './runtime-check.ts'

const domain = 'test.functions'

const node = (
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeInput>> = {},
): Node => ({
  name: `${op}-${outputs[0]}`,
  op,
  domain: /^[A-Z]/.test(op) ? '' : domain,
  inputs,
  outputs,
  attributes: attributesFrom(attributes),
})

const reference = (value: string): Attribute => ({ type: 'reference', value })

/** A function whose parts are named by one string each: "a b" are two inputs. */
const define = (
  name: string,
  inputs: string,
  outputs: string,
  nodes: readonly Node[],
  rest: Partial<LocalFunction> = {},
): LocalFunction => ({
  name,
  domain,
  inputs: inputs.split(' '),
  outputs: outputs.split(' '),
  attributes: [],
  attributeDefaults: {},
  opsets: { '': 21, [domain]: 1 },
  nodes,
  ...rest,
})

const modelWith = (functions: readonly LocalFunction[], nodes: readonly Node[], version = 21): Model => ({
  ...modelOf({
    name: 'calls',
    nodes,
    inputs: [{ name: 'x', dtype: 'float32', dims: ['batch', 3, 4] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: undefined }],
    initializers: new Map(),
  }),
  opsets: { '': version, [domain]: 1 },
  functions,
})

const feeds = {
  x: { dtype: 'float32', dims: [2, 3, 4], data: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)) },
} as const

const scaled = define(
  'scaled',
  'x',
  'y',
  [
    node('Constant', [], ['factor'], { value_float: reference('factor') }),
    node('Mul', ['x', 'factor'], ['t']),
    node('LeakyRelu', ['t'], ['y'], { alpha: reference('alpha') }),
  ],
  { attributes: ['alpha'], attributeDefaults: { factor: float(3) } },
)

describe('inlining of model-local functions', () => {
  it('takes attributes from the call, the defaults, or leaves them out', async () => {
    const model = modelWith(
      [scaled],
      [
        node('scaled', ['x'], ['t'], { factor: float(-2), alpha: float(0.5) }),
        node('scaled', ['t'], ['u'], { alpha: float(0.25) }),
        node('scaled', ['u'], ['y']),
      ],
    )
    const inlined = inlineFunctions(model)
    expect(inlined.functions).toEqual([])
    expect(inlined.graph.nodes.every((inner) => inner.domain === '')).toBe(true)
    expect(await differences(model, inlined, feeds)).toEqual([])
  })

  it('gives every call names of its own, whatever the graph calls its values', async () => {
    const twice = define('twice', 'x', 'y', [
      node('scaled', ['x'], ['t']),
      node('scaled', ['t'], ['s'], { factor: float(0.5) }),
      node('Add', ['s', 'x'], ['y']),
    ])
    const model = modelWith(
      [scaled, twice],
      [
        node('twice', ['x'], ['t']),
        node('twice', ['t'], ['twice-t/t']),
        node('twice', ['twice-t/t'], ['s']),
        node('Sub', ['s', 't'], ['y']),
      ],
    )
    const inlined = inlineFunctions(model)
    const outputs = inlined.graph.nodes.flatMap((inner) => inner.outputs)
    expect(new Set(outputs).size).toBe(outputs.length)
    expect(await differences(model, inlined, feeds)).toEqual([])
  })

  it('leaves out optional inputs and outputs that the call leaves out', async () => {
    const clipped = define('clipped', 'x low high', 'y mask', [
      node('Clip', ['x', 'low', 'high'], ['y']),
      node('Greater', ['x', 'y'], ['mask']),
    ])
    const call = node('clipped', ['x', '', 'top'], ['y', ''])
    const model = modelWith([clipped], [node('Constant', [], ['top'], { value: tensor('float32', [], [0.1]) }), call])
    expect(await differences(model, inlineFunctions(model), feeds)).toEqual([])
  })

  it('copies a value that a function hands on, or gives twice', async () => {
    const pair = define('pair', 'x', 'x z z2', [node('Neg', ['x'], ['z']), node('Abs', ['z'], ['z2'])])
    const same = define('same', 'x', 'z z', [node('Neg', ['x'], ['z'])])
    const inlined = inlineFunctions(
      modelWith(
        [pair, same],
        [
          node('pair', ['x'], ['a', 'b', 'c']),
          node('same', ['a'], ['d', 'e']),
          node('Sum', ['a', 'b', 'c', 'd', 'e'], ['y']),
        ],
      ),
    )
    const plain = modelWith(
      [],
      [node('Neg', ['x'], ['b']), node('Abs', ['b'], ['c']), node('Sum', ['x', 'b', 'c', 'b', 'b'], ['y'])],
    )
    expect(await differences(plain, inlined, feeds)).toEqual([])
  })

  it('renames inside nested graphs, and inlines calls there', async () => {
    const branch = (op: string, from: string): Attribute => {
      const graph: Graph = {
        name: op,
        nodes: [node(op, [from], ['inner']), node('Mul', ['inner', 'two'], ['out'])],
        inputs: [],
        outputs: [{ name: 'out', dtype: 'float32', dims: undefined }],
        initializers: new Map([['two', tensor('float32', [], [2])]]),
      }
      return { type: 'graph', value: graph }
    }
    const choose = define('choose', 'x', 'out', [
      node('ReduceSum', ['x'], ['sum'], { keepdims: 0 }),
      node('Constant', [], ['zero'], { value_float: float(0) }),
      node('Greater', ['sum', 'zero'], ['flag']),
      node('If', ['flag'], ['picked'], { then_branch: branch('Exp', 'x'), else_branch: branch('scaled', 'x') }),
      node('Identity', ['picked'], ['out']),
    ])
    const model = modelWith([scaled, choose], [node('choose', ['x'], ['inner']), node('choose', ['inner'], ['y'])])
    const inlined = inlineFunctions(model)
    for (const sign of [1, -1]) {
      const signed = { x: { ...feeds.x, data: feeds.x.data.map((value) => sign * Math.abs(value)) } }
      expect(await differences(model, inlined, signed)).toEqual([])
    }
  })

  it('survives a file and normalisation', async () => {
    const model = modelWith([scaled], [node('scaled', ['x'], ['y'], { alpha: float(0.5) })])
    const normal = normalise(readModel(writeModel(model)))
    expect(normal.graph.nodes.map(({ op }) => op)).toEqual(['Mul', 'LeakyRelu'])
    expect(await differences(model, normal, feeds)).toEqual([])
  })

  it('brings functions and graph to one operator set', async () => {
    const old = define(
      'old',
      'x',
      'y',
      [
        node('Softmax', ['x'], ['t'], { axis: reference('axis') }),
        node('Clip', ['t'], ['c'], { max: float(0.2) }),
        node('ReduceMax', ['c'], ['m'], { axes: [2] }),
        node('Sub', ['c', 'm'], ['y']),
      ],
      { attributes: ['axis'], opsets: { '': 9 } },
    )
    const inlined = inlineFunctions(modelWith([old], [node('old', ['x'], ['y'], { axis: 1 })], 21))
    expect(inlined.opsets['']).toBe(21)
    const plain = modelWith(
      [],
      [...old.nodes.slice(1), node('Softmax', ['x'], ['t'], { axis: 1 })].toSorted((a) =>
        a.op === 'Softmax' ? -1 : 0,
      ),
      9,
    )
    expect(await differences({ ...plain, irVersion: 8 }, inlined, feeds)).toEqual([])
  })

  it('refuses functions that call themselves', () => {
    const [a, b] = [define('a', 'x', 'y', [node('b', ['x'], ['y'])]), define('b', 'x', 'y', [node('a', ['x'], ['y'])])]
    expect(() => inlineFunctions(modelWith([a, b], [node('a', ['x'], ['y'])]))).toThrow(
      expect.objectContaining({ code: 'GRAPH_INVALID' }),
    )
  })

  it('refuses functions that grow without bound', () => {
    const functions = Array.from({ length: 30 }, (_, i) => {
      const inner = i === 0 ? 'Neg' : `f${i - 1}`
      return define(`f${i}`, 'x', 'y', [node(inner, ['x'], ['t']), node(inner, ['t'], ['y'])])
    })
    expect(() => inlineFunctions(modelWith(functions, [node('f29', ['x'], ['y'])]))).toThrow(
      expect.objectContaining({ code: 'GRAPH_INVALID' }),
    )
  })

  it('refuses a function defined twice', () => {
    expect(() => inlineFunctions(modelWith([scaled, scaled], []))).toThrow(
      expect.objectContaining({ code: 'GRAPH_INVALID' }),
    )
  })
})
