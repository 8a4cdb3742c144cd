import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { beginning, divergence, follow } from './divergence.ts'

const guessing = Math.log(10)

/** The step, from 1, in which a run with these losses stops. */
const stoppedAt = (losses: readonly number[], gradientNorm = 1): number | undefined => {
  let course = beginning
  for (const [i, loss] of losses.entries()) {
    course = follow(course, loss)
    if (divergence(course, { loss, gradientNorm, guessing })) return i + 1
  }
  return undefined
}

const falling = (steps: number, from = guessing): number[] => {
  const random = stream('losses')
  return Array.from({ length: steps }, (_, i) => from * Math.exp(-i / 100) * (0.5 + random.uniform()))
}

describe('a run goes on', () => {
  it.each([
    ['while its loss falls', falling(500)],
    ['from a loss of almost nothing up to that of guessing', [...falling(30, 1e-4), ...falling(300, guessing)]],
    ['over single peaks', falling(300).map((loss, i) => (i % 40 === 30 ? 10 * loss : loss))],
    ['where it starts far out and comes back', [80, 900, 400, 70, 20, ...falling(200)]],
  ])('%s', (_, losses) => {
    expect(stoppedAt(losses)).toBeUndefined()
  })
})

describe('a run stops', () => {
  it.each([
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
  ])('at a loss of %d with a gradient of %d', (loss, norm) => {
    expect(stoppedAt([loss], norm)).toBe(1)
  })

  it('at once where the loss is out of all proportion, even in the first steps', () => {
    expect(stoppedAt([guessing, 3 * guessing, 2e3 * guessing])).toBe(3)
    expect(stoppedAt([1e-3, 2e3 * guessing])).toBe(2)
  })

  it('when the loss stays above three times its early height, not long after it rose', () => {
    const stopped = stoppedAt([...falling(100), ...Array.from({ length: 100 }, () => 10 * guessing)])
    expect(stopped).toBeGreaterThan(101)
    expect(stopped).toBeLessThan(120)
  })
})
