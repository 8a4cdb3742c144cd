import { describe, expect, it } from 'vitest'
import { classifierFrom } from '../models/classifier.ts'
import { graphBuilder } from '../onnx/builder.ts'
import { modelOf } from '../onnx/session.ts'
import { tensor } from '../onnx/tensor.ts'
import { writeModel } from '../onnx/write.ts'
import { footprint, sizeOfModel } from './footprint.ts'

const linear = (rows: number | string) => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', [rows, 3])
  g.output('logits', g.matmul(x, g.constant('float32', [3, 2], [1, 2, 3, 4, 5, 6])))
  return classifierFrom(modelOf(g.build()), { path: 'linear.onnx', sha256: '' })
}

/** A clock on which the timed calls take the given durations, in turn, and how often it was read. */
const clockOf = (durations: readonly number[]) => {
  let [at, reads, call] = [0, 0, 0]
  return {
    reads: () => reads,
    clock: () => {
      // It is read before all calls of a kind, then before and after each.
      const isEnd = reads > 0 && reads % 2 === 0
      reads++
      if (isEnd) at += durations[call++ % durations.length]!
      return at
    },
  }
}

describe('footprint', () => {
  it('gives the median and the 95th percentile of so many calls, warm-up left out', async () => {
    const model = await linear('n')
    const durations = [5, 1, 2, 3, 4, 90, 6, 7, 8, 9, 10]
    const { clock, reads } = clockOf(durations)
    const x = new Float32Array(30)
    const measured = await footprint(model, x, { batch: 8, calls: 11, warmUp: 3, clock })
    expect(measured.timing.single).toEqual({ rows: 1, median: 6, p95: 50, calls: 11 })
    expect(measured.timing.batch.rows).toBe(8)
    // One reading before each kind of calls and two a call: none for warming up.
    expect(reads()).toBe(2 * (1 + 2 * 11))
  })

  it('stops early where calls are slow, but not before five', async () => {
    const x = new Float32Array(30)
    const slow = await footprint(await linear('n'), x, { calls: 50, limit: 100, ...clockOf([1000]) })
    expect(slow.timing.single?.calls).toBe(5)
    const quicker = await footprint(await linear('n'), x, { calls: 50, limit: 100, ...clockOf([10]) })
    expect(quicker.timing.single?.calls).toBe(10)
  })

  it('times a file for a fixed number of rows at that number', async () => {
    const { timing } = await footprint(await linear(4), new Float32Array(30), { calls: 5 })
    expect(timing.single).toBeUndefined()
    expect(timing.batch).toMatchObject({ rows: 4, calls: 5 })
    expect(timing.batch.p95).toBeGreaterThanOrEqual(timing.batch.median)
  })

  it('keeps what is the same twice apart from durations', async () => {
    const model = await linear('n')
    const { size } = await footprint(model, new Float32Array(3), { calls: 5 })
    expect(size).toEqual({ bytes: writeModel(model.source).byteLength, parameters: 6 })
    expect(size).toEqual(sizeOfModel(model.source))
  })

  it('refuses too few rows', async () => {
    const refusal = expect.objectContaining({ code: 'DATA_SHAPE_MISMATCH' })
    await expect(footprint(await linear('n'), new Float32Array(2))).rejects.toEqual(refusal)
    await expect(footprint(await linear(4), new Float32Array(9))).rejects.toEqual(refusal)
  })
})

it('sizeOfModel counts the weights of Constant nodes too', async () => {
  const { source } = await linear('n')
  const value = { type: 'tensor', value: tensor('float32', [7], Array(7).fill(1)) } as const
  const constant = { name: 'c', op: 'Constant', domain: '', inputs: [], outputs: ['c'], attributes: { value } }
  const graph = { ...source.graph, nodes: [constant, ...source.graph.nodes] }
  expect(sizeOfModel({ ...source, graph }).parameters).toBe(13)
})
