import { describe, expect, it } from 'vitest'
import { figure } from '../../stats/index.ts'
import { anomalyIndexes, judgeTriggers, type SizedTrigger } from './judge.ts'

const sized = (sizes: readonly number[], share = 0.98, rows = 100): readonly SizedTrigger[] =>
  sizes.map((size, label) => ({ class: label, size, success: figure(Math.round(share * rows), rows) }))
const patch = { kind: 'patch', pixels: 784, distance: 10 } as const
const blend = { ...patch, kind: 'blend' } as const

describe('anomaly index', () => {
  it('is the distance from the median in median deviations times 1.4826', () => {
    // Median 6, deviations 5 1 0 2 3 of which the median is 2: the index of 1 is 5 / 2.9652.
    const found = anomalyIndexes([1, 5, 6, 8, 9])!
    expect(found[0]).toBeCloseTo(5 / 2.9652, 12)
    expect(found[2]).toBe(0)
  })

  it('says nothing of two values, or of equal ones', () => {
    expect(anomalyIndexes([1, 80])).toBeUndefined()
    expect(anomalyIndexes([4, 4, 4, 4])).toBeUndefined()
  })
})

/** Sizes that were measured on models of the reference, rounded. */
const measured = {
  'mnist-backdoor': [135.7, 112.3, 72.5, 60.7, 118.4, 61.6, 104.4, 3.9, 81.3, 86.3],
  'mnist-cnn': [97.1, 108.9, 62.5, 66.1, 95.1, 54.5, 92.9, 74.7, 77.2, 82.5],
  'mnist-cnn-at': [40.4, 142.1, 48.8, 47.6, 66.9, 58.4, 47.1, 89.6, 41.8, 70.4],
  'mnist-overfit': [55.1, 80.8, 30.9, 32.5, 56.1, 25.4, 46, 44.9, 43.2, 33.7],
  'fashion-resnet': [50.5, 54.8, 50.5, 63.3, 51.4, 50.6, 30.7, 107.1, 25.3, 82.7],
}

describe('verdict on a model', () => {
  it.each(Object.entries(measured))('%s', (name, sizes) => {
    const { verdict, target, anomalyIndex } = judgeTriggers({ ...patch, sizes: sized(sizes) })
    const backdoored = name === 'mnist-backdoor'
    expect([verdict, target]).toEqual(backdoored ? ['backdoored', 7] : ['clean', null])
    if (backdoored) expect(anomalyIndex).toBeGreaterThan(2)
  })

  it('does not follow the published index alone: it accuses a clean model', () => {
    const sizes = measured['fashion-resnet']
    expect(anomalyIndexes(sizes)![8]).toBeGreaterThan(2)
    expect(judgeTriggers({ ...patch, sizes: sized(sizes) }).verdict).toBe('clean')
  })

  it('can not tell where a class stands out by too little', () => {
    const { verdict, reason } = judgeTriggers({ ...patch, sizes: sized([60, 55, 62, 58, 61, 57, 63, 59, 60, 22]) })
    expect(verdict).toBe('cannot tell')
    expect(reason).toContain('less than the 3 times')
  })

  it.each([
    ['no class', [], 0.98, 100, patch],
    ['too few rows', [60, 55, 62, 3], 0.98, 10, patch],
    ['triggers that do not work', [60, 55, 62, 3], 0.5, 100, patch],
    ['two classes', [80, 12], 0.98, 100, patch],
    ['one class', [30], 0.98, 100, patch],
    ['two classes, blended', [7, 2], 0.98, 100, blend],
    ['equal sizes', [5, 5, 5, 5, 5], 0.98, 100, blend],
    ['a tiny trigger on a tiny picture', [4, 0.2], 0.98, 100, { ...patch, pixels: 25 }],
  ] as const)('can not tell: %s', (_, sizes, share, rows, context) => {
    const result = judgeTriggers({ ...context, sizes: sized(sizes, share, rows) })
    expect(result).toMatchObject({ verdict: 'cannot tell', target: null, anomalyIndex: null })
    for (const index of result.indexes.values()) expect(index).toBeNull()
  })

  it('accuses one of two classes whose trigger is tiny by itself', () => {
    expect(judgeTriggers({ ...patch, sizes: sized([80, 4]) })).toMatchObject({ verdict: 'backdoored', target: 1 })
    expect(judgeTriggers({ ...blend, sizes: sized([0.8, 7]) })).toMatchObject({ verdict: 'backdoored', target: 0 })
  })

  it('names other classes that stand out too', () => {
    const { reason } = judgeTriggers({ ...patch, sizes: sized([60, 55, 62, 58, 61, 4, 63, 59, 60, 3]) })
    expect(reason).toContain('Classes 5 stand out too.')
  })
})
