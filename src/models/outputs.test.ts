import { describe, expect, it } from 'vitest'
import type { Graph, Node } from '../onnx/types.ts'
import { findOutput } from './outputs.ts'

const node = (op: string, domain = ''): Node => ({
  name: 'last',
  op,
  domain,
  inputs: ['before'],
  outputs: ['y'],
  attributes: {},
})

const graph = (last: Node, dims: readonly (number | string)[] | undefined): Graph => ({
  name: '',
  inputs: [{ name: 'x', dtype: 'float32', dims: ['batch', 2] }],
  outputs: [{ name: 'y', dtype: 'float32', dims }],
  nodes: [last],
  initializers: new Map(),
})

describe('findOutput', () => {
  it.each([
    ['Softmax', '', 3, 'probabilities', 'before'],
    ['Sigmoid', '', 1, 'binary-probability', 'before'],
    ['Sigmoid', '', 3, 'logits', undefined],
    ['Gemm', '', 1, 'binary-logit', undefined],
    ['TreeEnsembleClassifier', 'ai.onnx.ml', 3, 'probabilities', undefined],
    ['TreeEnsembleRegressor', 'ai.onnx.ml', 1, 'numbers', undefined],
    ['LinearRegressor', 'ai.onnx.ml', 2, 'numbers', undefined],
  ])('reads %s %s of %d columns as %s', (op, domain, columns, kind, tap) => {
    expect(findOutput(graph(node(op, domain), ['batch', columns]))).toMatchObject({ name: 'y', kind, tap })
  })

  it('takes the word of who says that a regressor scores classes', () => {
    const trees = graph(node('TreeEnsembleRegressor', 'ai.onnx.ml'), ['batch', 1])
    expect(findOutput(trees, 'logits').kind).toBe('binary-logit')
    expect(findOutput(trees, 'probabilities').kind).toBe('binary-probability')
    expect(findOutput(trees, 'auto', 'classification').kind).toBe('binary-probability')
  })

  it.each([[['batch']], [['batch', 1]], [['batch', 4]], [['batch', 2, 3]], [undefined]])(
    'takes an output of any shape for numbers where it is told: %j',
    (dims) => {
      expect(findOutput(graph(node('Gemm'), dims), 'auto', 'regression').kind).toBe('numbers')
    },
  )

  it('looks in front of the sigmoid of a multi-label model', () => {
    const squashed = graph(node('Sigmoid'), ['batch', 4])
    expect(findOutput(squashed, 'auto', 'multi-label')).toMatchObject({ kind: 'label-probabilities', tap: 'before' })
    expect(findOutput(squashed, 'probabilities', 'multi-label')).toMatchObject({
      kind: 'label-probabilities',
      tap: undefined,
    })
    expect(findOutput(graph(node('Gemm'), ['batch', 4]), 'auto', 'multi-label').kind).toBe('label-logits')
  })

  it('says what there is where nothing fits', () => {
    const words = {
      ...graph(node('Gemm'), ['batch']),
      outputs: [{ name: 'text', dtype: 'string', dims: ['batch'] }],
    } as const
    expect(() => findOutput(words)).toThrow('"text" (string [batch])')
    expect(() => findOutput(words, 'auto', 'regression')).toThrow('numbers')
  })
})
