import { describe, expect, it } from 'vitest'
import { type ScheduleName, type ScheduleOptions, scheduleOf } from './schedule.ts'

const rates = (options: ScheduleOptions, total: number): readonly number[] => {
  const schedule = scheduleOf(options)
  return Array.from({ length: total }, (_, step) => schedule(step, total))
}

const close = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual.length).toBe(expected.length)
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 12)
}

describe('scheduleOf', () => {
  it('keeps a constant rate', () => {
    expect(rates({ name: 'constant', rate: 0.3 }, 3)).toEqual([0.3, 0.3, 0.3])
  })

  it('drops by the factor at shares of the run', () => {
    close(rates({ name: 'step', rate: 1 }, 8), [1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])
    close(rates({ name: 'step', rate: 1, factor: 0.5, drops: [0.25] }, 4), [1, 0.5, 0.5, 0.5])
  })

  it('falls along half a cosine', () => {
    close(
      rates({ name: 'cosine', rate: 2, final: 1 }, 4),
      [0, 1, 2, 3].map((step) => 1 + (1 + Math.cos((Math.PI * step) / 4)) / 2),
    )
  })

  it('starts the cosine again in each cycle', () => {
    const once = rates({ name: 'cosine', rate: 1 }, 5)
    close(rates({ name: 'cosine', rate: 1, cycles: 3 }, 15), [...once, ...once, ...once])
  })

  it('rises to the peak and falls, and no step stands still', () => {
    close(rates({ name: 'cyclic', rate: 1 }, 5), [0.25, 0.75, 5 / 6, 0.5, 1 / 6])
    close(rates({ name: 'cyclic', rate: 1, peak: 0.5, cycles: 2 }, 4), [0.5, 0.5, 0.5, 0.5])
  })

  it('warms up in a straight line before the schedule, which has the rest of the steps', () => {
    close(rates({ name: 'cosine', rate: 1, warmup: 0.375 }, 8), [
      0.25,
      0.5,
      0.75,
      ...rates({ name: 'cosine', rate: 1 }, 5),
    ])
  })

  it.each<ScheduleName>(['constant', 'step', 'cosine', 'cyclic'])('%s stays within its bounds', (name) => {
    for (const total of [1, 2, 7, 100])
      for (const value of rates({ name, rate: 0.1, warmup: 0.1 }, total)) {
        expect(value).toBeGreaterThan(0)
        expect(value).toBeLessThanOrEqual(0.1)
      }
  })

  it.each<[ScheduleOptions, RegExp]>([
    [{ name: 'constant', rate: 0 }, /rate/],
    [{ name: 'constant', rate: Number.NaN }, /rate/],
    [{ name: 'constant', rate: 1, warmup: 1 }, /warmup/],
    [{ name: 'constant', rate: 1, peak: 0.4 }, /"peak"/],
    [{ name: 'cosine', rate: 1, drops: [0.5] }, /"drops"/],
    [{ name: 'cosine', rate: 1, final: 2 }, /final/],
    [{ name: 'cosine', rate: 1, cycles: 1.5 }, /cycles/],
    [{ name: 'cyclic', rate: 1, peak: 1 }, /peak/],
    [{ name: 'step', rate: 1, factor: 2 }, /factor/],
    [{ name: 'step', rate: 1, drops: [0.5, 0.5] }, /drops/],
  ])('refuses %j', (options, message) => {
    expect(() => scheduleOf(options)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(() => scheduleOf(options)).toThrow(message)
  })

  it('names the schedule nearest to a mistyped one', () => {
    expect(() => scheduleOf({ name: 'cosin' as ScheduleName, rate: 1 })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('"cosine"') }),
    )
  })
})
