import { describe, expect, it } from 'vitest'
import { argmaxRows } from '../../base/argmax.ts'
import { stream } from '../../base/random.ts'
import { readModel, writeModel } from '../../onnx/index.ts'
import type { Model } from '../../onnx/types.ts'
import { buildArchitecture, parseArchitecture } from '../../training/architecture/index.ts'
import { memoryStore } from '../../training/row-store.ts'
import { contextOf, dims, harden, pictures, storeOf, untrained } from '../testing.ts'
import { logitsOf } from '../training/testing.ts'
import { certifiedChanges } from './certificate.ts'
import { voteMetadata } from './metadata.ts'
import { joined, partitionsOf } from './partitions.ts'
import { voteModel } from './vote-model.ts'

describe('certifiedChanges', () => {
  it.each([
    // Levine and Feizi 2021; worked by hand from floor((n1 - n2 - [label2 < label1]) / 2).
    [[30, 18, 2], 0, 6],
    [[18, 30, 2], 1, 5],
    [[5, 5, 0], 0, 0],
    [[5, 5, 0], 1, -1],
    [[4, 1, 0], 1, -1],
    // The runner-up by votes is class 2, the closer one is class 0, which wins ties.
    [[3, 7, 3], 1, 1],
    [[0, 0, 10], 2, 4],
    [[10, 0, 0], 0, 5],
  ])('of votes %j for class %i is %i', (votes, label, changes) => {
    expect(certifiedChanges(votes, label)).toBe(changes)
  })

  it('is what moving votes in every way finds', () => {
    for (let a = 0; a <= 6; a++)
      for (let b = 0; a + b <= 6; b++) {
        const votes = [a, b, 6 - a - b]
        const leader = votes.indexOf(Math.max(...votes))
        const certified = certifiedChanges(votes, leader)
        expect(everyMove(votes, certified).every((moved) => moved.indexOf(Math.max(...moved)) === leader)).toBe(true)
        const more = everyMove(votes, certified + 1)
        expect(more.some((moved) => moved.indexOf(Math.max(...moved)) !== leader)).toBe(true)
      }
  })
})

/** Votes after so many base models, or fewer, have changed their mind. */
const everyMove = (votes: readonly number[], moves: number): readonly (readonly number[])[] => {
  if (moves <= 0) return [votes]
  return [
    votes,
    ...votes.flatMap((count, from) =>
      count === 0
        ? []
        : votes.flatMap((_, to) =>
            everyMove(
              votes.map((value, c) => value - (c === from ? 1 : 0) + (c === to ? 1 : 0)),
              moves - 1,
            ),
          ),
    ),
  ]
}

describe('partitionsOf', () => {
  const { x, labels } = pictures(60, 'partitions')
  const contents = async (parts: readonly Int32Array[], values: Float32Array, given: Int32Array) =>
    parts.map((at) => [...at].map((row) => `${given[row]} ${values.subarray(row * 64, (row + 1) * 64).join()}`))

  it('depends on what the rows are, not on their order, and holds each once', async () => {
    const parts = await partitionsOf(memoryStore(x, labels), 7, undefined)
    expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual([...labels.keys()])
    const back = Int32Array.from(labels.keys()).reverse()
    const turned = new Float32Array(x.length)
    for (const [i, row] of back.entries()) turned.set(x.subarray(row * 64, (row + 1) * 64), i * 64)
    const relabelled = back.map((row) => labels[row]!)
    const again = await partitionsOf(memoryStore(turned, relabelled), 7, undefined)
    expect(await contents(again, turned, relabelled)).toEqual(await contents(parts, x, labels))
  })

  it('keeps the rows of a source together, by its name and not by its number', async () => {
    const names = ['web', 'shop', 'lab', 'field']
    const of = labels.map((_, row) => row % 4)
    const parts = await partitionsOf(memoryStore(x, labels), 3, { of, names })
    for (const part of parts)
      for (const row of part) expect(part.filter((other) => of[other] === of[row])).toHaveLength(15)
    const renumbered = { of: of.map((id) => 3 - id), names: [...names].reverse() }
    expect(await partitionsOf(memoryStore(x, labels), 3, renumbered)).toEqual(parts)
  })

  it('reads two stores as one', async () => {
    const both = joined(storeOf(pictures(3, 'a')), storeOf(pictures(2, 'b')))
    const values = new Float32Array(2 * 64)
    await both.gather(Int32Array.of(4, 0), values)
    expect(values.subarray(0, 64)).toEqual(pictures(2, 'b').x.subarray(64))
    expect(values.subarray(64)).toEqual(pictures(3, 'a').x.subarray(0, 64))
    expect(both.labels).toEqual(Int32Array.of(0, 1, 2, 0, 1))
  })
})

describe('voteModel', () => {
  const members = (layers: string, classes = 3): readonly Model[] =>
    [1, 2, 3, 4, 5].map((seed) => buildArchitecture(parseArchitecture(layers), { input: dims, classes, seed }))

  it('counts what its members answer, in one file', async () => {
    const { x } = pictures(40, 'votes')
    const models = members('conv 4, batchnorm, relu, maxpool 2, dense classes')
    const file = readModel(writeModel(voteModel(models, { dims, classes: 3 })))
    const counted = Array.from({ length: 40 }, () => [0, 0, 0])
    for (const model of models)
      for (const [row, answer] of argmaxRows(Float32Array.from((await logitsOf(model, x)).flat()), 3).entries())
        counted[row]![answer]!++
    expect(await logitsOf(file, x)).toEqual(counted)
    expect(file.graph.outputs.map(({ name }) => name)).toEqual(models[0]!.graph.outputs.map(({ name }) => name))
  })
})

describe('partition-aggregation', () => {
  const recipe = { partitions: 3, epochs: 1, batch: 4, 'learning-rate': 0.1 }
  const source = untrained(1, 'dense classes')
  const train = async (rows: ReturnType<typeof pictures>, more = {}) => {
    const { model, notes } = await harden(
      'partition-aggregation',
      contextOf({ source, training: rows, validation: pictures(0, 'none'), context: more }),
      recipe,
    )
    return { model, notes }
  }
  /** Rows that are hard enough for base models to differ. */
  const hard = (count: number, key: string) => {
    const { x, labels } = pictures(count, key)
    return { x: x.map((value, i) => value + 0.8 * stream('hard', key, i).normal()), labels }
  }
  const training = hard(8, 'few')
  const judged = hard(30, 'judged')
  const answers = async (model: Model) => {
    const votes = await logitsOf(model, judged.x)
    return votes.map((row) => ({ votes: row, answer: row.indexOf(Math.max(...row)) }))
  }

  it('never changes a certified answer, whichever row is removed, added or labelled anew', async () => {
    const { model } = await train(training)
    expect(voteMetadata(model)).toEqual({ partitions: 3, unit: 'rows' })
    const before = await answers(model)
    const certified = before.map(({ votes, answer }) => certifiedChanges(votes, answer))
    expect(new Set(certified).size).toBeGreaterThan(1)
    let moved = 0
    const check = async (rows: ReturnType<typeof pictures>) => {
      const after = await answers((await train(rows)).model)
      for (const [row, { votes, answer }] of after.entries()) {
        // One change reaches one base model.
        expect(votes.reduce((sum, count, c) => sum + Math.abs(count - before[row]!.votes[c]!), 0)).toBeLessThanOrEqual(
          2,
        )
        if (certified[row]! >= 1) expect(answer).toBe(before[row]!.answer)
        if (answer !== before[row]!.answer) moved++
      }
    }
    for (let gone = 0; gone < 8; gone++) {
      const at = Array.from({ length: 8 }, (_, row) => row).filter((row) => row !== gone)
      await check({
        x: Float32Array.from(at.flatMap((row) => [...training.x.subarray(row * 64, (row + 1) * 64)])),
        labels: Int32Array.from(at, (row) => training.labels[row]!),
      })
      await check({
        x: training.x,
        labels: training.labels.map((label, row) => (row === gone ? (label + 1) % 3 : label)),
      })
    }
    const extra = hard(3, 'extra')
    for (let row = 0; row < 3; row++)
      await check({
        x: Float32Array.from([...extra.x.subarray(row * 64, (row + 1) * 64), ...training.x]),
        labels: Int32Array.from([(extra.labels[row]! + 1) % 3, ...training.labels]),
      })
    // The check can fail: answers that are not certified do change.
    expect(moved).toBeGreaterThan(0)
  })

  it('certifies whole sources where the rows say where they come from', async () => {
    const of = training.labels.map((_, row) => row % 6)
    const sources = { of, names: ['a', 'b', 'c', 'd', 'e', 'f'] }
    const { model, notes } = await train(training, { sources })
    expect(voteMetadata(model)).toEqual({ partitions: 3, unit: 'sources' })
    expect(notes.join(' ')).toContain('6 sources')
    const before = await answers(model)
    // All rows of one source turned into something else: one base model changes at most.
    for (let bad = 0; bad < 6; bad++) {
      const x = training.x.map((value, i) => (of[Math.floor(i / 64)] === bad ? 1 - value : value))
      const labels = training.labels.map((label, row) => (of[row] === bad ? (label + 1) % 3 : label))
      const after = await answers((await train({ x, labels }, { sources })).model)
      for (const [row, { votes, answer }] of before.entries())
        if (certifiedChanges(votes, answer) >= 1) expect(after[row]!.answer).toBe(answer)
    }
  })

  it('has parts without rows vote untrained, and says so', async () => {
    const { notes } = await train(hard(1, 'one'))
    expect(notes.join(' ')).toContain('No rows fell to 2 of the parts')
  })
})
