import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { graphBuilder } from '../builder.ts'
import { createSession, modelOf } from '../session.ts'
import { poolBeforeRelu } from './pool-before-relu.ts'

const values = (() => {
  const random = stream('pool before relu')
  return Float32Array.from({ length: 2 * 3 * 7 * 7 }, () => random.normal())
})()

const run = async (graph: Parameters<typeof modelOf>[0]) => {
  const session = await createSession(modelOf(graph))
  return session.run({ x: { dtype: 'float32', dims: [2, 3, 7, 7], data: values } })
}

const attributes = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }

describe('poolBeforeRelu', () => {
  it('keeps the values, padding included, and moves the activation behind the pooling', async () => {
    const g = graphBuilder()
    const x = g.input('x', 'float32', ['n', 3, 7, 7])
    g.output('y', g.op('MaxPool', [g.op('Relu', [x])], attributes))
    const graph = g.build()
    const rewritten = poolBeforeRelu(graph)
    expect(rewritten.nodes.map(({ op }) => op)).toEqual(['MaxPool', 'Relu', 'Identity'])
    expect(await run(rewritten)).toEqual(await run(graph))
  })

  it('leaves an activation alone that others read', async () => {
    const g = graphBuilder()
    const relu = g.op('Relu', [g.input('x', 'float32', ['n', 3, 7, 7])])
    g.output('r', relu)
    g.output('y', g.op('MaxPool', [relu], attributes))
    const graph = g.build()
    expect(poolBeforeRelu(graph)).toEqual(graph)
  })
})
