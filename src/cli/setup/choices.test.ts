import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../assessment/config/index.ts'
import { budgetsFor, unevenness } from './budgets.ts'
import { inputRange } from './input-range.ts'
import { withPreprocessing } from './preprocessing.ts'

describe('inputRange', () => {
  it.each([
    [0, 255, 1 / 255, true, [0, 1]],
    [0, 255, 1, true, [0, 255]],
    [0, 0.98, 1, false, [0, 1]],
    [-0.9, 1, 1, false, [-1, 1]],
    [0, 4254, 1, false, [0, 4260]],
    [-3.1234, 2.5678, 1, false, [-3.13, 2.57]],
    [0.001, 0.0421, 1, false, [0.001, 0.0421]],
  ] as const)('of %d to %d, scaled by %d, is %j %j', (low, high, scale, isBytes, expected) => {
    expect(inputRange(low * (isBytes ? scale : 1), high * (isBytes ? scale : 1), scale, isBytes).range).toEqual(
      expected,
    )
  })

  it('holds the values that it was made from, whatever they are', () => {
    for (const [low, high] of [
      [-12345.678, -0.00012],
      [5, 5],
      [1e-9, 3e7],
      [-0.333, 0.333],
    ] as const) {
      const [from, to] = inputRange(low, high, 1, false).range
      expect(from).toBeLessThanOrEqual(low)
      expect(to).toBeGreaterThanOrEqual(high)
      expect(from).toBeLessThan(to)
    }
  })
})

describe('budgetsFor', () => {
  it('is the customary 8/255 for colour images, in the units of their range', () => {
    expect(budgetsFor([3, 32, 32], [0, 1], new Float64Array()).epsilon).toEqual(['2/255', '4/255', '8/255'])
    expect(budgetsFor([3, 32, 32], [0, 255], new Float64Array()).epsilon).toEqual([2, 4, 8])
  })

  it('is 0.1 to 0.3 of the range for grey images', () => {
    expect(budgetsFor([1, 28, 28], [0, 1], new Float64Array()).epsilon).toEqual([0.1, 0.2, 0.3])
    expect(budgetsFor([1, 28, 28], [-1, 1], new Float64Array()).epsilon).toEqual([0.2, 0.4, 0.6])
  })

  it('is a share of a typical spread for tables, whatever constant columns there are', () => {
    expect(budgetsFor([4], [0, 100], Float64Array.of(2, 4, 8, 0)).epsilon).toEqual([0.4, 1, 2])
    expect(unevenness(Float64Array.of(2, 4, 8, 0))).toBe(4)
  })
})

describe('withPreprocessing', () => {
  const text = '# why\nmodel:\n  path: m.onnx  # here\ndata:\n  path: x.npy\n'

  it('adds mean and deviation, and keeps the comments', () => {
    const way = { title: 'the mean of X', scale: 1, mean: [0.5], std: [0.25], accuracy: 0.99 }
    const written = withPreprocessing(text, way)
    expect(written).toContain('# why')
    expect(written).toContain('# here')
    expect(parseConfig(written, 'bartizan.yaml').config.model.preprocessing).toEqual({ mean: [0.5], std: [0.25] })
  })

  it('leaves the text alone where there is nothing to add', () => {
    expect(withPreprocessing(text, { title: 'as stored', scale: 1, accuracy: 1 })).toBe(text)
  })
})
