import { describe, expect, it } from 'vitest'
import { l1Of, l2Of, triggerSpace, withTrigger } from './trigger.ts'

describe('a trigger on rows', () => {
  it('replaces what its mask covers, in every channel', () => {
    const space = triggerSpace([2, 1, 2], 0, 1)
    const patch = { kind: 'patch', mask: Float32Array.of(1, 0.25), pattern: Float32Array.of(1, 0, 0, 1) } as const
    const shown = withTrigger(patch, Float32Array.of(0.5, 0.8, 0.5, 0.4, 0, 0, 0, 0), space)
    expect([...shown].map((value) => Number(value.toFixed(4)))).toEqual([1, 0.6, 0, 0.55, 1, 0, 0, 0.25])
    expect(l1Of(patch, space)).toBe(1.25)
  })

  it('covers a pixel of channels last', () => {
    const space = triggerSpace([6, 1, 2], 0, 1)
    const mask = Float32Array.of(0, 1, 0, 0, 0, 0)
    const shown = withTrigger({ mask, pattern: new Float32Array(12).fill(1) }, new Float32Array(12), space)
    expect([...shown.entries()].filter(([, value]) => value === 1).map(([at]) => at)).toEqual([2, 3])
  })

  it('is added within the range, and measured as a share of it', () => {
    const space = triggerSpace([1, 1, 2], 0, 255)
    const blend = { kind: 'blend', pattern: Float32Array.of(51, -102) } as const
    expect([...withTrigger(blend, Float32Array.of(250, 200, 0, 50), space)]).toEqual([255, 98, 51, 0])
    expect(l1Of(blend, space)).toBeCloseTo(0.6, 6)
    expect(l2Of(blend, space)).toBeCloseTo(Math.hypot(0.2, 0.4), 6)
  })
})
