import { describe, expect, it } from 'vitest'
import { addGradient } from './autodiff/gradient.ts'
import { graphBuilder } from './builder.ts'
import { normalise } from './normalise.ts'
import { readModel } from './read.ts'
import { createSession, modelOf } from './session.ts'
import { isStraightThrough, ownDomain, straightThrough } from './straight-through.ts'
import type { LocalFunction, Model } from './types.ts'
import { writeModel } from './write.ts'

const rounding = straightThrough('Round', 17)
const clipping = straightThrough('Clip', 17)

/** y = 3 clip(round(2 x), -1, 1), as a file of operator set 17 with these functions for the two. */
const modelWith = (functions: readonly LocalFunction[]): Model => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['n'])
  const rounded = g.op('Round', [g.mul(x, 2)], {}, { domain: ownDomain })
  const clipped = g.op('Clip', [rounded, g.scalar(-1, x), g.scalar(1, x)], {}, { domain: ownDomain })
  g.output('y', g.mul(clipped, 3))
  const model = modelOf(g.build())
  return readModel(writeModel({ ...model, opsets: { '': 17, [ownDomain]: 1 }, functions }))
}

const gradientOf = async (source: Model): Promise<{ y: readonly number[]; gradient: readonly number[] }> => {
  const model = normalise(source)
  const g = graphBuilder(model.graph)
  const [gradient] = addGradient(g, g.build([]), { of: g.value('y'), withRespectTo: [g.value('x')] })
  g.output('gradient', gradient!)
  const session = await createSession(modelOf(g.build(), model))
  const results = await session.run({
    x: { dtype: 'float32', dims: [4], data: Float32Array.from([0.2, 0.3, -0.4, 7]) },
  })
  await session.release()
  const numbers = (name: string) => Array.from(results[name]!.data, Number)
  return { y: numbers('y'), gradient: numbers('gradient') }
}

describe('straight-through functions', () => {
  it('stay in a normalised model, in its operator set, and pass gradients on', async () => {
    const source = modelWith([rounding, clipping])
    const { functions, opsets, graph } = normalise(source)
    expect(functions).toEqual([straightThrough('Round', 21), straightThrough('Clip', 21)])
    expect(opsets).toEqual({ '': 21, [ownDomain]: 1 })
    expect(graph.nodes.map(({ domain, op }) => `${domain}:${op}`)).toContain('bartizan:Round')
    expect(await gradientOf(source)).toEqual({ y: [0, 3, -3, 3], gradient: [6, 6, 6, 6] })
  })

  it('that do not do what their name says are functions like any other', async () => {
    const halving: LocalFunction = {
      ...clipping,
      nodes: [{ ...clipping.nodes[0]!, op: 'Mean', inputs: ['x', 'x'] }],
    }
    const floor: LocalFunction = { ...rounding, nodes: [{ ...rounding.nodes[0]!, op: 'Floor' }] }
    expect(normalise(modelWith([rounding, halving])).functions).toEqual([straightThrough('Round', 21)])
    await expect(gradientOf(modelWith([floor, clipping]))).rejects.toMatchObject({ code: 'GRAPH_NOT_DIFFERENTIABLE' })
  })

  it.each([
    ['another domain', { domain: 'other' }],
    ['another name', { name: 'Floor' }],
    ['inputs in another order', { inputs: ['low', 'x', 'high'] }],
    ['another output', { outputs: ['z'] }],
    ['more nodes', { nodes: [...clipping.nodes, ...clipping.nodes] }],
  ])('are not recognised with %s', (_, change: Partial<LocalFunction>) => {
    expect(isStraightThrough(clipping)).toBe(true)
    expect(isStraightThrough({ ...clipping, ...change })).toBe(false)
  })
})
