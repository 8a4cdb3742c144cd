import { describe, expect, it } from 'vitest'
import { attackNamed } from './battery.ts'
import { worstCase } from './gates.ts'
import type { ProbeRecord } from './probe-record.ts'
import { brokenWithin, ofStandingRows, standingRows } from './standing.ts'

/** `distances`: of the rows that it broke; the others hold, and the last was wrong from the start. */
const record = (
  attack: string,
  epsilon: number,
  distances: readonly (number | undefined)[],
  more = {},
): ProbeRecord => {
  const broken = distances.map((distance) => distance !== undefined)
  return {
    id: `${attack}-l2-${epsilon}`,
    attack,
    access: 'gradients',
    norm: 'l2',
    epsilon,
    params: {},
    result: {
      rows: broken.length,
      cleanAccuracy: { value: 1, low: 0, high: 1, n: 5 },
      robustAccuracy: { value: broken.filter((b) => !b).length / 5, low: 0, high: 1, n: 5 },
      distance: { norm: 'l2', median: null, mean: null, max: null },
      queries: { forward: 0, gradient: 0 },
    },
    outcome: {
      right: broken.map((_, row) => row < 4),
      broken,
      after: broken.map(() => 0),
      distances: distances.map((distance) => distance ?? 0),
      brokenAfter: broken.map(() => 7),
      ...more,
    },
    examples: '',
    worst: [],
    seconds: 0,
  }
}

const none = undefined
const small = record('pgd', 0.5, [0.5, none, none, none, none])
const large = record('pgd', 1, [0.9, 1, none, none, none])
const minimal = record('cw-l2', 1, [0.2, none, 0.4, none, none])
const probe = (attack: string, epsilon: number, more = {}) => ({
  attack: attackNamed(attack),
  norm: 'l2' as const,
  epsilon,
  rows: Number.POSITIVE_INFINITY,
  standing: true,
  ...more,
})
const settled = (...given: Parameters<typeof standingRows>) => [...standingRows(...given).alreadyBroken]

describe('rows that are left', () => {
  it('are those that no probe broke within the budget or a smaller one', () => {
    expect(settled(probe('nes', 1), [small, large], 0.5)).toEqual([0, 1])
    expect(settled(probe('nes', 0.5), [small, large], 0.5)).toEqual([0])
    expect(settled(probe('nes', 1, { rows: 1 }), [small, large], 0.5)).toEqual([0])
    expect(settled(probe('nes', 1, { norm: 'linf' }), [small, large], 0.5)).toEqual([])
    expect(settled(probe('nes', 1, { standing: false }), [small, large], 0.5)).toEqual([])
  })

  it('a smallest change found answers for every budget, and is looked for until one fits the smallest', () => {
    expect(settled(probe('nes', 0.5), [minimal], 0.5)).toEqual([0, 2])
    expect(settled(probe('nes', 0.3), [minimal], 0.3)).toEqual([0])
    expect(settled(probe('ddn', 1), [small, large], 0.5)).toEqual([0])
    expect(brokenWithin(minimal, 2, 0.4)).toBe(true)
    expect(brokenWithin(minimal, 2, 0.39)).toBe(false)
    expect(brokenWithin(large, 1, 0.99)).toBe(false)
  })

  it('where none is left that was right, there is nothing to attack', () => {
    const all = record('pgd', 1, [1, 1, 1, 1, none])
    expect(standingRows(probe('nes', 1), [all], 1).nothingLeft).toContain('every row')
    expect(standingRows(probe('nes', 1), [large], 1).nothingLeft).toBeUndefined()
    expect(standingRows(probe('nes', 1), [], 1).nothingLeft).toBeUndefined()
  })
})

describe('figures of the worst case', () => {
  const left = record('ddn', 1, [none, none, none, 0.8, none], { alreadyBroken: [0, 1] })

  it('hold what an attack on the rows left broke, and are never its own figure', () => {
    expect(ofStandingRows(left)).toBe(true)
    const worst = worstCase({ norm: 'l2', epsilon: 1 }, [large, left], 5)
    expect(worst).toMatchObject({ measured: { value: 1 / 5, n: 5 }, probe: 'pgd-l2-1' })
    expect(worstCase({ norm: 'l2', epsilon: 1, attack: 'ddn' }, [large, left], 5).measured).toBeNull()
  })

  it('hold at a smaller budget what a smallest change of that size broke', () => {
    expect(worstCase({ norm: 'l2', epsilon: 0.5 }, [small, large], 5).measured).toMatchObject({ value: 3 / 5 })
    expect(worstCase({ norm: 'l2', epsilon: 0.5 }, [small, large, minimal], 5).measured).toMatchObject({ value: 2 / 5 })
    expect(worstCase({ norm: 'l2', epsilon: 0.3 }, [minimal], 5)).toMatchObject({
      measured: { value: 3 / 5 },
      probe: 'cw-l2-l2-1',
    })
  })
})
