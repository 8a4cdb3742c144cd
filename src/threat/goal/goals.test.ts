import { describe, expect, it } from 'vitest'
import { evaluate } from '../testing.ts'
import { classesGoal } from './classes.ts'
import type { Goal } from './goal.ts'
import { judgeRows } from './judge.ts'
import { numbersGoal } from './numbers.ts'

/** The loss of each row, as attacks climb it. */
const lossOf = (goal: Goal, outputs: Float32Array, columns: number, way: number) => {
  const rows = outputs.length / columns
  const feeds = goal.feeds(
    Int32Array.from({ length: rows }, (_, row) => row),
    way,
  )
  const names = Object.keys(goal.inputs)
  const values = names.map((name) => ({
    dims: [rows, ...goal.inputs[name]!.dims],
    values: Float32Array.from(feeds[name]!, Number),
  }))
  return evaluate([{ dims: [rows, columns], values: outputs }, ...values], (g, [logits, ...inputs]) =>
    goal.loss({ g, input: (name) => g.cast(inputs[names.indexOf(name)]!, goal.inputs[name]!.dtype) }, logits!),
  )
}

describe('the goal of classes', () => {
  const labels = Int32Array.of(0, 1)
  const logits = Float32Array.of(2, 1, 0, 2, 1, 0)

  it('is reached where the label is left, or the target met', () => {
    const rows = Int32Array.of(0, 1)
    expect([...classesGoal(labels, undefined, 3).broken(rows, logits)]).toEqual([0, 1])
    expect([...classesGoal(labels, Int32Array.of(0, 2), 3).broken(rows, logits)]).toEqual([1, 0])
  })

  it('has the cross-entropy for a loss', async () => {
    const sum = Math.log(Math.exp(2) + Math.exp(1) + 1)
    const away = await lossOf(classesGoal(labels, undefined, 3), logits, 3, 0)
    expect([away[0], away[1]].map((v) => v!.toFixed(5))).toEqual([sum - 2, sum - 1].map((v) => v.toFixed(5)))
    const towards = await lossOf(classesGoal(labels, Int32Array.of(2, 2), 3), logits, 3, 0)
    expect(towards[0]).toBeCloseTo(-sum, 5)
  })

  it('keeps its rows apart', () => {
    const part = classesGoal(labels, undefined, 3).of(Int32Array.of(1))
    expect([...part.broken(Int32Array.of(0), Float32Array.of(0, 1, 0))]).toEqual([0])
    expect(part.lead(0, Float32Array.of(0, 3, 1))).toBe(2)
  })
})

describe('the goal of numbers', () => {
  const clean = Float32Array.of(10, -4, 0, 2)
  const task = { kind: 'regression', tolerance: 1, relative: 0.2, direction: 'either' } as const
  const goal = numbersGoal(task, clean, 2)

  it('has a way for each output and direction, in tolerances of that output', async () => {
    expect(goal.ways).toBe(4)
    const moved = Float32Array.of(13, -3, 0.5, 1)
    const losses = await Promise.all([0, 1, 2, 3].map((way) => lossOf(goal, moved, 2, way)))
    // Tolerances 2 and 1 in the first row, 1 and 1 in the second.
    expect(losses.map((loss) => loss[0])).toEqual([1.5, -1.5, 1, -1])
    expect(losses.map((loss) => loss[1])).toEqual([0.5, -0.5, -1, 1])
    expect([...goal.broken(Int32Array.of(0, 1), moved)]).toEqual([1, 0])
    expect(goal.lead(0, moved.subarray(0, 2))).toBe(-1)
  })

  it('is not reached by exactly the tolerance, the wrong way, or NaN', () => {
    const up = numbersGoal({ ...task, direction: 'up', output: 0 }, clean, 2)
    expect(up.ways).toBe(1)
    const points = [
      [12, 0],
      [12.5, 0],
      [0, 99],
      [Number.NaN, 0],
    ]
    expect(points.map((point) => up.broken(Int32Array.of(0), Float32Array.from(point))[0])).toEqual([0, 1, 0, 0])
  })

  it('has a finite loss where the tolerance is a share of nothing', async () => {
    const relative = numbersGoal({ ...task, tolerance: 0 }, Float32Array.of(0), 1)
    expect([...(await lossOf(relative, Float32Array.of(0.25), 1, 0))]).toEqual([0.25])
    expect([...relative.broken(Int32Array.of(0), Float32Array.of(0))]).toEqual([0])
  })
})

describe('the goal of label sets', () => {
  const truth = Float32Array.of(1, 0, 1, 0)
  // The last label is wrong from the start: margins -2, -1, -0.5, and one that doesn't count.
  const logits = Float32Array.of(2, -1, 0.5, 3)
  const judged = (flips: number | 'all', label?: number) =>
    judgeRows(
      { kind: 'multi-label', flips, ...(label !== undefined && { label }) },
      { labels: new Int32Array(1), numbers: truth },
      logits,
      4,
    )
  const logSigmoid = (x: number): number => -Math.log1p(Math.exp(-x))

  it('counts flips of labels that were right', () => {
    expect([1, 2, 3, 4].map((flips) => judged(flips).right[0])).toEqual([true, true, true, false])
    expect([judged(1, 3).right[0], judged('all').right[0]]).toEqual([false, true])
    const turned = (values: readonly number[], flips: number | 'all') =>
      judged(flips).goal.broken(Int32Array.of(0), Float32Array.from(values))[0]
    expect(turned([2, -1, 0.5, -3], 1)).toBe(0)
    expect(turned([2, -1, 0, 3], 1)).toBe(1)
    expect(turned([2, 0, 0, 3], 2)).toBe(0)
    expect(turned([2, 0.1, 0, 3], 2)).toBe(1)
    expect(turned([2, 0.1, 0, 3], 'all')).toBe(0)
    expect(turned([-1, 0.1, 0, 3], 'all')).toBe(1)
    expect(turned([Number.NaN, -1, 0.5, 3], 1)).toBe(0)
  })

  it('pushes the least robust label, then each alone', async () => {
    const { goal } = judged(1)
    const losses = await Promise.all([0, 1, 2].map((way) => lossOf(goal, logits, 4, way)))
    expect(losses.map(([loss]) => loss)).toEqual([-0.5, -1, -2])
    expect(goal.lead(0, logits)).toBe(0.5)
  })

  it('pushes as many as must flip, then all of them', async () => {
    const { goal } = judged(2)
    const two = logSigmoid(-0.5) + logSigmoid(-1)
    expect((await lossOf(goal, logits, 4, 0))[0]).toBeCloseTo(two, 5)
    expect((await lossOf(goal, logits, 4, 1))[0]).toBeCloseTo(two + logSigmoid(-2), 5)
    expect(goal.lead(0, logits)).toBeCloseTo(-two, 5)
    expect((await lossOf(judged('all').goal, logits, 4, 0))[0]).toBeCloseTo(two + logSigmoid(-2), 5)
  })
})
