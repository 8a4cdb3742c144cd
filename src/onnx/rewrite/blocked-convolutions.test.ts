import { describe, expect, it } from 'vitest'
import { graphBuilder } from '../builder.ts'
import { blockedDomain, channelBlock } from '../channel-block.ts'
import { tensor } from '../tensor.ts'
import type { Graph } from '../types.ts'
import { blockedConvolutions } from './blocked-convolutions.ts'
import { difference, outputsOf, randomFeeds } from './testing.ts'

const block = await channelBlock()

interface Case {
  readonly x: readonly number[]
  readonly w: readonly number[]
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>
  readonly bias?: boolean
  readonly pool?: boolean
}

const graphOf = ({ x, w, attributes = {}, bias = true, pool = false }: Case): Graph => {
  const g = graphBuilder()
  const operands = [g.input('x', 'float32', ['n', ...x]), g.input('w', 'float32', w)]
  if (bias) operands.push(g.input('b', 'float32', [w[0]!]))
  const y = g.op('Conv', operands, attributes)
  g.output('y', y)
  if (pool) g.output('p', g.op('MaxPool', [y], { kernel_shape: [2, 2], strides: [2, 2] }))
  return g.build()
}

const blockedNodes = (graph: Graph): readonly string[] =>
  graph.nodes.filter(({ domain }) => domain === blockedDomain).map(({ op }) => op)

it('is found once, and its channels fill a vector', async () => {
  expect(await channelBlock()).toBe(block)
  if (block !== undefined) expect([4, 8, 16, 32]).toContain(block)
})

describe.skipIf(block === undefined)('convolutions in channel blocks', () => {
  const b = block!
  it.each<[string, Case]>([
    ['blocks in and out', { x: [2 * b, 7, 6], w: [b, 2 * b, 3, 3], attributes: { pads: [1, 1, 1, 1] } }],
    ['few channels in', { x: [3, 9, 9], w: [2 * b, 3, 5, 5], attributes: { pads: [2, 2, 2, 2] } }],
    [
      'a stride, a dilation and uneven padding',
      {
        x: [b, 11, 10],
        w: [b, b, 3, 2],
        attributes: { strides: [2, 1], dilations: [1, 2], pads: [1, 0, 0, 2] },
      },
    ],
    ['no bias', { x: [b, 5, 5], w: [b, b, 1, 1], bias: false }],
    ['pooling after it', { x: [b, 8, 8], w: [b, b, 3, 3], pool: true }],
  ])('have the same values: %s', async (_, each) => {
    const graph = graphOf(each)
    const blocked = blockedConvolutions(graph, b)
    expect(blockedNodes(blocked)).toContain('Conv')
    if (each.pool) expect(blockedNodes(blocked)).toContain('MaxPool')
    const feeds = randomFeeds(graph, 3)
    const [plain, fast] = [await outputsOf(graph, feeds), await outputsOf(blocked, feeds)]
    for (const [name, values] of Object.entries(plain)) expect(difference(values, fast[name]!)).toBeLessThan(1e-5)
  })

  it.each<[string, Case]>([
    ['channels that do not fill blocks', { x: [b + 1, 5, 5], w: [b, b + 1, 3, 3] }],
    ['outputs that do not fill blocks', { x: [b, 5, 5], w: [b + 1, b, 3, 3] }],
    ['groups', { x: [2 * b, 5, 5], w: [2 * b, b, 3, 3], attributes: { group: 2 } }],
    ['one dimension', { x: [b, 5], w: [b, b, 3] }],
  ])('stay as they are: %s', (_, each) => {
    const graph = graphOf(each)
    expect(blockedConvolutions(graph, b)).toEqual(graph)
  })

  it('are left to the runtime where the kernel is constant', () => {
    const g = graphBuilder()
    const w = g.tensor(tensor('float32', [b, b, 1, 1], Array(b * b).fill(1)))
    g.output('y', g.op('Conv', [g.input('x', 'float32', ['n', b, 4, 4]), w]))
    expect(blockedConvolutions(g.build(), b)).toEqual(g.build())
  })
})
