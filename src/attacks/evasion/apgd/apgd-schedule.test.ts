import { describe, expect, it } from 'vitest'
import {
  checkpoints,
  reviewSparsity,
  reviewStep,
  sparseCheckpoints,
  startSparsity,
  startStep,
} from './apgd-schedule.ts'

describe('checkpoints', () => {
  it('come after 22 % of the steps, then closer and closer', () => {
    expect(checkpoints(100)).toEqual([22, 41, 57, 70, 80, 87, 93, 99])
    expect(checkpoints(50)).toEqual([11, 21, 30, 38, 45])
  })

  it('come after every step where there are few', () => {
    expect(checkpoints(5)).toEqual([1, 2, 3, 4, 5])
    expect(sparseCheckpoints(3)).toEqual([1, 2, 3])
  })

  it('come every 4 % of the steps in L1', () => {
    expect(sparseCheckpoints(100).slice(0, 3)).toEqual([4, 8, 12])
  })
})

describe('a review of the step size', () => {
  it('halves where at most rho of the steps raised the loss', () => {
    const state = startStep(0.2, -5)
    state.increases = 15
    expect(reviewStep(state, 20, 0.75, -1)).toBe(true)
    expect(state).toEqual({ step: 0.1, increases: 0, halved: true, bestAtReview: -1 })
    state.increases = 16
    expect(reviewStep(state, 20, 0.75, 0)).toBe(false)
    expect(state.step).toBe(0.1)
  })

  it('halves where the best loss stood still since a review that kept the step, not since one that halved it', () => {
    const state = startStep(0.2, 3)
    state.increases = 20
    expect(reviewStep(state, 20, 0.75, 3)).toBe(false)
    state.increases = 20
    expect(reviewStep(state, 20, 0.75, 3)).toBe(true)
    state.increases = 20
    expect(reviewStep(state, 20, 0.75, 3)).toBe(false)
  })
})

describe('a review of the sparsity', () => {
  it('takes full steps again while the support shrinks, else shorter ones down to a tenth', () => {
    const state = startSparsity(12, 1000)
    expect(state).toEqual({ step: 12, moved: 0.2, support: 1000 })
    expect(reviewSparsity(state, 300, 1000, 12)).toBe(true)
    expect(state).toEqual({ step: 12, moved: expect.closeTo(0.2), support: 300 })
    expect(reviewSparsity(state, 299, 1000, 12)).toBe(false)
    expect(state.step).toBe(8)
    for (let i = 0; i < 10; i++) reviewSparsity(state, 299, 1000, 12)
    expect(state.step).toBeCloseTo(1.2)
  })
})
