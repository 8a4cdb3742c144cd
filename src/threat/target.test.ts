import { describe, expect, it } from 'vitest'
import { argmaxRows } from '../base/argmax.ts'
import { targetOf } from './target.ts'
import { linearClassifier } from './testing.ts'

const model = await linearClassifier(
  [
    [1, 0],
    [0, 1],
  ],
  [0, 0.5],
)
const x = Float32Array.of(1, 0, 0, 0, 1, 2)

describe('targetOf', () => {
  it('predicts, and counts every row of every query', async () => {
    const target = targetOf(model, 'scores')
    expect([...(await target.logits(x, 3))]).toEqual([1, 0.5, 0, 0.5, 1, 2.5])
    expect([...(await target.predict(x, 3))]).toEqual([0, 1, 1])
    expect(target.queries).toEqual({ forward: 6, gradient: 0 })
  })

  it('counts the passes and gradients of a program by what it is built of', async () => {
    const target = targetOf(model, 'gradients')
    const program = await target.program({
      key: 'two passes and a gradient',
      inputs: {},
      build: ({ g, x, logits, logitsAt, gradient }) => ({
        slope: gradient(g.reduceSum(logits, [1])),
        moved: logitsAt(g.mul(x, 2)),
      }),
    })
    const { slope, moved } = await program.run(3, { x })
    expect([...slope!]).toEqual([1, 1, 1, 1, 1, 1])
    expect([...moved!]).toEqual([2, 0.5, 0, 0.5, 2, 4.5])
    expect(target.queries).toEqual({ forward: 6, gradient: 3 })
  })

  it('gives an attack no more than its access', () => {
    expect(() => targetOf(model, 'labels').logits(x, 3)).toThrow('labels')
    expect(() => targetOf(model, 'labels').program({ key: '', inputs: {}, build: () => ({}) })).toThrow('gradients')
    expect(() => targetOf(model, 'scores').program({ key: '', inputs: {}, build: () => ({}) })).toThrow('gradients')
  })

  it('counts for each target apart', async () => {
    const [one, other] = [targetOf(model, 'labels'), targetOf(model, 'labels')]
    await one.predict(x, 3)
    expect(one.queries.forward).toBe(3)
    expect(other.queries.forward).toBe(0)
  })
})

describe('argmaxRows', () => {
  it('takes the first of equals', () => {
    expect([...argmaxRows(Float32Array.of(0, 2, 2, -3, -1, -2), 3)]).toEqual([1, 1])
  })
})
