import { describe, expect, it } from 'vitest'
import { addGradient } from '../autodiff/gradient.ts'
import { graphBuilder } from '../builder.ts'
import type { Graph } from '../types.ts'
import { poolInTiles, type TileForm } from './pool-in-tiles.ts'
import { difference, outputsOf, randomFeeds } from './testing.ts'

interface Case {
  readonly x: readonly number[]
  readonly w: readonly number[]
  readonly pads?: readonly number[]
  readonly side?: number
  readonly pool?: Readonly<Record<string, number | readonly number[]>>
  readonly conv?: Readonly<Record<string, number | readonly number[]>>
}

const graphOf = ({ x, w, pads = [0, 0, 0, 0], side = 2, pool = {}, conv = {} }: Case): Graph => {
  const g = graphBuilder()
  const [images, kernel] = [g.input('x', 'float32', ['n', ...x]), g.input('w', 'float32', w)]
  const y = g.op('Conv', [images, kernel, g.input('b', 'float32', [w[0]!])], { pads, ...conv })
  g.output('p', g.op('MaxPool', [y], { kernel_shape: [side, side], strides: [side, side], ...pool }))
  return g.build()
}

const forms: readonly TileForm[] = ['strided', 'folded']

describe.each(forms)('poolInTiles, %s', (form) => {
  it.each<[string, Case]>([
    ['padding of a whole tile', { x: [2, 8, 6], w: [3, 2, 5, 5], pads: [2, 2, 2, 2] }],
    ['padding of part of a tile', { x: [2, 6, 8], w: [3, 2, 3, 3], pads: [1, 1, 1, 1] }],
    ['no padding', { x: [1, 10, 8], w: [2, 1, 3, 5] }],
    ['uneven padding', { x: [1, 8, 8], w: [2, 1, 4, 3], pads: [1, 0, 2, 2] }],
    ['tiles of three', { x: [1, 9, 9], w: [2, 1, 3, 3], pads: [1, 1, 1, 1], side: 3 }],
    ['positions that fill no tile', { x: [1, 8, 8], w: [2, 1, 2, 2] }],
  ])('has the same values: %s', async (_, each) => {
    const graph = graphOf(each)
    const tiled = poolInTiles(graph, form)
    expect(tiled.nodes.map(({ op }) => op)).not.toContain('MaxPool')
    const feeds = randomFeeds(graph, 2)
    const [plain, fast] = [await outputsOf(graph, feeds), await outputsOf(tiled, feeds)]
    expect(difference(plain.p!, fast.p!)).toBeLessThan(1e-6)
  })

  it.each<[string, Case]>([
    ['a kernel that would cost too much', { x: [64, 8, 8], w: [8, 64, 3, 3], pads: [1, 1, 1, 1] }],
    ['overlapping windows', { x: [1, 8, 8], w: [2, 1, 3, 3], pool: { kernel_shape: [3, 3] } }],
    ['padded pooling', { x: [1, 8, 8], w: [2, 1, 3, 3], pool: { pads: [1, 1, 0, 0] } }],
    ['pooling that counts the rest', { x: [1, 9, 9], w: [2, 1, 3, 3], pool: { ceil_mode: 1 } }],
    ['groups', { x: [2, 8, 8], w: [2, 1, 3, 3], conv: { group: 2 } }],
    ['a stride', { x: [1, 9, 9], w: [2, 1, 3, 3], conv: { strides: [2, 2] } }],
  ])('leaves alone: %s', (_, each) => {
    const graph = graphOf(each)
    expect(poolInTiles(graph, form)).toEqual(graph)
  })

  it('leaves a convolution alone that others read', () => {
    const g = graphBuilder()
    const y = g.op('Conv', [g.input('x', 'float32', ['n', 1, 8, 8]), g.input('w', 'float32', [2, 1, 3, 3])])
    g.output('y', y)
    g.output('p', g.op('MaxPool', [y], { kernel_shape: [2, 2], strides: [2, 2] }))
    expect(poolInTiles(g.build(), form)).toEqual(g.build())
  })

  it('has the same gradients for input, kernel and bias', async () => {
    const withGradients = (graph: Graph): Graph => {
      const g = graphBuilder(graph)
      const of = g.reduceSum(g.square(g.value('p')), [1, 2, 3])
      const wanted = ['x', 'w', 'b'].map((name) => g.value(name))
      for (const [i, gradient] of addGradient(g, g.build([]), { of, withRespectTo: wanted }).entries())
        g.output(`gradient-${i}`, gradient)
      return g.build()
    }
    const graph = graphOf({ x: [2, 6, 8], w: [3, 2, 3, 3], pads: [1, 1, 1, 1] })
    const feeds = randomFeeds(graph, 3)
    const plain = await outputsOf(withGradients(graph), feeds)
    const fast = await outputsOf(withGradients(poolInTiles(graph, form)), feeds)
    for (const [name, values] of Object.entries(plain)) expect(difference(values, fast[name]!)).toBeLessThan(1e-5)
  })
})

it('leaves images of odd size to the strided form', () => {
  const graph = graphOf({ x: [1, 9, 9], w: [2, 1, 3, 3], pads: [1, 1, 1, 1] })
  expect(poolInTiles(graph, 'folded')).toEqual(graph)
  expect(poolInTiles(graph, 'strided')).not.toEqual(graph)
})

it('gives ties to the first position in the strided form, as pooling does', async () => {
  const graph = graphOf({ x: [1, 8, 8], w: [2, 1, 3, 3] })
  const withGradient = (tiled: Graph): Graph => {
    const g = graphBuilder(tiled)
    const of = g.reduceSum(g.value('p'), [1, 2, 3])
    g.output('gradient', addGradient(g, g.build([]), { of, withRespectTo: [g.value('x')] })[0]!)
    return g.build()
  }
  const feeds = randomFeeds(graph, 1)
  // Every position of a tile sees the same: which gets the gradient is a matter of the order alone.
  const flat = { ...feeds, x: { ...feeds.x!, data: new Float32Array(64).fill(0.3) } }
  const plain = await outputsOf(withGradient(graph), flat)
  const fast = await outputsOf(withGradient(poolInTiles(graph, 'strided')), flat)
  expect(difference(plain.gradient!, fast.gradient!)).toBeLessThan(1e-6)
})
