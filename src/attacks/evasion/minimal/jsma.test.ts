import { describe, expect, it } from 'vitest'
import { distances } from '../../../threat/norm.ts'
import { linearClassifier, mnistRows, rawCandidates } from '../../testing.ts'
import { jsma } from './jsma.ts'

// By hand, towards class 1: gains (2, 1, -1, 0), what the others lose (1, 3, 5, -1). Products of pairs: 0 and 1 give
// 3 · 4 = 12, 0 and 2 give 1 · 6 = 6, 1 and 2 give none, 0 and 3 give 2 · 0.
const weights = [
  [-1, -2, -3, 1],
  [2, 1, -1, 0],
  [0, -1, -2, 0],
]
const rows = async (biases: readonly number[]) => ({
  model: await linearClassifier(weights, biases),
  x: new Float32Array(4),
  labels: Int32Array.of(0),
})
const setting = { norm: 'l0', epsilon: 4 } as const

describe('on a linear model worked by hand', () => {
  it('moves the pair of the largest product towards the target', async () => {
    const { candidates } = await rawCandidates(jsma, await rows([2, 0, -9]), {
      ...setting,
      targets: Int32Array.of(1),
      parameters: { gamma: 1 },
    })
    expect([...candidates]).toEqual([1, 1, 0, 0])
  })

  it('takes several steps where theta is small, and stops when the row breaks', async () => {
    const { candidates, target } = await rawCandidates(jsma, await rows([2, 0, -9]), {
      ...setting,
      targets: Int32Array.of(1),
      parameters: { gamma: 1, theta: 0.25 },
    })
    // Each step of both changes the margin by 0.25 · (3 + 3): 2 is passed by the second.
    expect([...candidates]).toEqual([0.5, 0.5, 0, 0])
    expect(target.queries.gradient).toBe(2 * 3)
  })

  it('leaves a row clean whose features may not change as much', async () => {
    const { candidates } = await rawCandidates(jsma, await rows([2, 0, -9]), {
      ...setting,
      parameters: { gamma: 0.25 },
    })
    expect([...candidates]).toEqual([0, 0, 0, 0])
  })

  it('ends where no pair serves', async () => {
    const { candidates, target } = await rawCandidates(jsma, await rows([90, 0, -9]), {
      ...setting,
      targets: Int32Array.of(1),
      parameters: { gamma: 1 },
    })
    expect([...candidates]).toEqual([0, 0, 0, 0])
    expect(target.queries.gradient).toBe(2 * 2)
  })

  it('ends where a step is lost to rounding', async () => {
    const far = 2 ** 24
    const made = await rows([2, 0, -9])
    const rowsAt = { ...made, x: new Float32Array(4).fill(far) }
    const { candidates } = await rawCandidates(jsma, rowsAt, {
      ...setting,
      low: far,
      high: far + 8,
      parameters: { gamma: 1, theta: 0.01 },
    })
    expect([...candidates]).toEqual([far, far, far, far])
  })

  it('lowers features where theta is below zero', async () => {
    const made = await rows([2, 0, -9])
    const ones = { ...made, x: new Float32Array(4).fill(1), labels: Int32Array.of(1) }
    const { candidates, predicted } = await rawCandidates(jsma, ones, {
      ...setting,
      targets: Int32Array.of(0),
      parameters: { lower: true, gamma: 1 },
    })
    expect(predicted[0]).toBe(0)
    expect(candidates.every((v) => v === 0 || v === 1)).toBe(true)
    expect(distances('l0', candidates, ones.x, 4)[0]).toBeLessThanOrEqual(2)
  })
})

describe('on a convolutional net', async () => {
  const digits = await mnistRows(6)

  it('breaks rows with few pixels, away from the label and towards a target', async () => {
    const away = await rawCandidates(jsma, digits, { norm: 'l0', epsilon: 784 })
    expect([...away.predicted].every((k, row) => k !== digits.labels[row])).toBe(true)
    expect(Math.max(...distances('l0', away.candidates, digits.x, 784))).toBeLessThan(60)
    const targets = digits.labels.map((label) => (label + 1) % 10)
    const towards = await rawCandidates(jsma, digits, { norm: 'l0', epsilon: 784, targets })
    const reached = [...towards.predicted].filter((k, row) => k === targets[row]).length
    expect(reached).toBeGreaterThanOrEqual(4)
  })

  it('changes pixels by whole steps only, and no more than it may', async () => {
    const { candidates } = await rawCandidates(jsma, digits, { norm: 'l0', epsilon: 784, parameters: { gamma: 0.02 } })
    for (const [i, value] of candidates.entries()) if (value !== digits.x[i]) expect(value).toBe(1)
    for (const size of distances('l0', candidates, digits.x, 784)) expect(size).toBeLessThanOrEqual(15)
  })
})
