import { expect, it } from 'vitest'
import { graphBuilder } from '../builder.ts'
import { tensor } from '../tensor.ts'
import type { Graph } from '../types.ts'
import { liveNodes } from './live-nodes.ts'

it('drops what no output depends on, weights too', () => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['n', 3])
  g.matmul(x, g.constant('float32', [3, 30], Array(90).fill(1)))
  g.output('y', g.add(x, 1))
  const live = liveNodes(g.build())
  expect(live.nodes.map(({ op }) => op)).toEqual(['Add', 'Identity'])
  expect(live.initializers.size).toBe(1)
})

it('keeps what a graph inside a node reads from around it', () => {
  const body: Graph = {
    name: 'branch',
    nodes: [{ name: 'b', op: 'Neg', domain: '', inputs: ['outer'], outputs: ['result'], attributes: {} }],
    inputs: [],
    outputs: [{ name: 'result', dtype: 'float32', dims: undefined }],
    initializers: new Map(),
  }
  const branch = { type: 'graph', value: body } as const
  const graph: Graph = {
    name: 'g',
    nodes: [
      { name: 'a', op: 'Abs', domain: '', inputs: ['x'], outputs: ['outer'], attributes: {} },
      { name: 'c', op: 'Exp', domain: '', inputs: ['x'], outputs: ['unused'], attributes: {} },
      {
        name: 'i',
        op: 'If',
        domain: '',
        inputs: ['condition'],
        outputs: ['y'],
        attributes: { then_branch: branch, else_branch: branch },
      },
    ],
    inputs: [],
    outputs: [{ name: 'y', dtype: 'float32', dims: undefined }],
    initializers: new Map([['condition', tensor('bool', [], [1])]]),
  }
  expect(liveNodes(graph).nodes.map(({ name }) => name)).toEqual(['a', 'i'])
})
