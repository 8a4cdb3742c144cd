import { describe, expect, it } from 'vitest'
import { graphBuilder } from '../builder.ts'
import { inStages } from './stages.ts'
import { outputsOf, randomFeeds } from './testing.ts'

const shared = new Set(['w'])

describe('inStages', () => {
  it('computes once what the shared inputs alone decide', async () => {
    const g = graphBuilder()
    const [x, w] = [g.input('x', 'float32', ['n', 3]), g.input('w', 'float32', [3, 3])]
    const prepared = g.mul(g.transpose(w, [1, 0]), 2)
    g.output('y', g.add(g.matmul(x, prepared), g.reduceSum(w, [0])))
    const graph = g.build()
    const { first, second } = inStages(graph, shared)
    expect(first!.nodes.map(({ op }) => op).sort()).toEqual(['Mul', 'ReduceSum', 'Transpose'])
    expect(second.inputs.map(({ name }) => name)).not.toContain('w')
    const feeds = randomFeeds(graph, 4)
    const { x: rows, ...weights } = feeds
    const decided = await outputsOf(first!, weights)
    const handed = first!.outputs.map(({ name, dims }) => [
      name,
      { dtype: 'float32', dims: dims as readonly number[], data: Float32Array.from(decided[name]!) } as const,
    ])
    expect(await outputsOf(second, { x: rows!, ...Object.fromEntries(handed) })).toEqual(await outputsOf(graph, feeds))
  })

  it('hands on nothing where the shared inputs meet the others at once', () => {
    const g = graphBuilder()
    g.output('y', g.mul(g.input('x', 'float32', ['n']), g.input('w', 'float32', [])))
    const graph = g.build()
    expect(inStages(graph, shared)).toEqual({ first: undefined, second: graph })
  })

  it('draws random numbers in every run', () => {
    const g = graphBuilder()
    const w = g.input('w', 'float32', [3])
    const noise = g.op('RandomNormalLike', [g.neg(w)])
    g.output('y', g.add(g.input('x', 'float32', ['n', 3]), noise))
    const { first, second } = inStages(g.build(), shared)
    expect(first!.nodes.map(({ op }) => op)).toEqual(['Neg'])
    expect(second.nodes.map(({ op }) => op)).toContain('RandomNormalLike')
  })

  it('keeps an output that the shared inputs alone decide', async () => {
    const g = graphBuilder()
    const w = g.input('w', 'float32', [2])
    g.output('decay', g.mul(g.square(w), 0.5))
    g.output('y', g.add(g.input('x', 'float32', ['n', 2]), w))
    const { second } = inStages(g.build(), shared)
    expect(second.outputs.map(({ name }) => name)).toEqual(['decay', 'y'])
  })
})
