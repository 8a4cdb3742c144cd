import { describe, expect, it } from 'vitest'
import { graphRange } from './graph-range.ts'

describe("the range of the graph's own input", () => {
  it.each([
    [undefined, [0, 255]],
    [{ scale: 1 / 255 }, [0, 1]],
    [{ scale: 1 / 255, mean: [0.5], std: [0.25] }, [-2, 2]],
    [{ mean: [55, 55, 55], std: [100, 100, 100] }, [-0.55, 2]],
    [{ scale: -1 }, [-255, 0]],
  ])('with the preprocessing %o is %o', (preprocessing, [low, high]) => {
    const range = graphRange({ low: 0, high: 255 }, preprocessing)
    expect(range).toEqual({ low: expect.closeTo(low!, 10), high: expect.closeTo(high!, 10) })
  })

  it.each([{ mean: [0.1, 0.2, 0.3] }, { std: [0.1, 0.2, 0.3] }])('is not one range with %o', (preprocessing) => {
    expect(() => graphRange({ low: 0, high: 1 }, preprocessing)).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    )
  })
})
