import { describe, expect, it } from 'vitest'
import type { GateConfig } from '../contract/index.ts'
import { figure } from '../stats/index.ts'
import { judgeGates } from './gates.ts'
import type { ProbeRecord } from './probe-record.ts'

const record = (attack: string, broken: readonly number[], rows: number, epsilon = 0.1): ProbeRecord => ({
  id: `${attack}-${epsilon}`,
  attack,
  access: 'gradients',
  norm: 'linf',
  epsilon,
  params: {},
  result: {
    rows,
    cleanAccuracy: figure(rows, rows),
    robustAccuracy: figure(rows - broken.length, rows),
    distance: { norm: 'linf', median: null, mean: null, max: null },
    queries: { forward: 0, gradient: 0 },
  },
  outcome: {
    right: Array.from({ length: rows }, () => true),
    broken: Array.from({ length: rows }, (_, row) => broken.includes(row)),
    after: Array.from({ length: rows }, () => 0),
    distances: Array.from({ length: rows }, (_, row) => row / 100),
    brokenAfter: [],
  },
  examples: '',
  worst: [],
  seconds: 0,
})

const gate = (more: Partial<GateConfig>): GateConfig => ({
  id: 'gate',
  metric: 'robust-accuracy',
  norm: 'linf',
  epsilon: 0.1,
  atLeast: 0.5,
  atMost: undefined,
  judgeBy: 'value',
  ...more,
})

const judge = (config: GateConfig, records: readonly ProbeRecord[], rows = 10) =>
  judgeGates([config], { clean: figure(9, 10), records, rows, findings: 2, flags: 0 })[0]!

describe('robust accuracy', () => {
  it('is the worst case over attacks, row by row', () => {
    const judged = judge(gate({}), [record('a', [0, 1, 2], 10), record('b', [2, 3, 4, 5], 10)])
    expect(judged).toMatchObject({ passed: false, measured: { value: 0.4, n: 10 }, probe: 'b-0.1' })
  })

  it('counts what a smaller budget broke, and leaves a larger one out', () => {
    const judged = judge(gate({}), [record('a', [0], 10), record('a', [9], 10, 0.05), record('a', [5, 6, 7], 10, 0.3)])
    expect(judged).toMatchObject({ passed: true, measured: { value: 0.8 } })
  })

  it('of one attack is judged alone', () => {
    expect(judge(gate({ attack: 'a' }), [record('a', [0], 10), record('b', [1, 2], 10)]).measured).toMatchObject({
      value: 0.9,
    })
  })

  it('that was measured on a sample only, or not at all, has not passed', () => {
    for (const records of [[record('a', [], 5)], [], [record('a', [], 10, 0.2)]])
      expect(judge(gate({}), records)).toMatchObject({ passed: false, measured: null, reason: expect.any(String) })
  })

  it('judged by its interval needs the worse end to hold', () => {
    const records = [record('a', [0, 1, 2, 3], 10)]
    expect(judge(gate({}), records).passed).toBe(true)
    expect(judge(gate({ judgeBy: 'interval' }), records).passed).toBe(false)
  })
})

describe('a change that was made from some of the rows', () => {
  it('is judged over the others, which count alone', () => {
    const whole = record('universal', [7, 8], 10)
    const apart = [0, 1, 2, 3, 4]
    const outcome = { ...whole.outcome, apart, right: whole.outcome.right.map((_, row) => row >= 5) }
    const { measured } = judge(gate({}), [{ ...whole, outcome }])
    expect(measured).toMatchObject({ value: 3 / 5, n: 5 })
  })
})

describe('other metrics', () => {
  it.each([
    ['clean-accuracy', { atLeast: 0.9 }, true],
    ['clean-accuracy', { atLeast: 0.95 }, false],
    ['findings', { atLeast: undefined, atMost: 2 }, true],
    ['findings', { atLeast: undefined, atMost: 1 }, false],
    ['flags', { atLeast: undefined, atMost: 0 }, true],
    ['median-distance', { atLeast: 0.02 }, true],
    ['median-distance', { atLeast: 0.03 }, false],
  ] as const)('%s with %o', (metric, bounds, passed) => {
    expect(judge(gate({ metric, ...bounds }), [record('a', [1, 2, 3], 10)]).passed).toBe(passed)
  })

  it('a median distance where nothing was broken has not passed', () => {
    expect(judge(gate({ metric: 'median-distance', atLeast: 0 }), [record('a', [], 10)])).toMatchObject({
      passed: false,
      measured: null,
    })
  })
})
