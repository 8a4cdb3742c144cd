import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bestPair } from './saliency.ts'

/** The largest product over all pairs, by trying every one. */
const slowly = (gain: Float64Array, loss: Float64Array, open: readonly number[]): number => {
  let most = 0
  for (const i of open)
    for (const j of open) {
      const [both, others] = [gain[i]! + gain[j]!, loss[i]! + loss[j]!]
      if (i !== j && both > 0 && others > 0) most = Math.max(most, both * others)
    }
  return most
}

it('is as good as the best of all pairs, ties and closed features included', () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -2, max: 2, noNaN: true }))
  const feature = fc.record({ gain: value, loss: value, open: fc.boolean() })
  fc.assert(
    fc.property(fc.array(feature, { maxLength: 30 }), (features) => {
      const gain = Float64Array.from(features, (f) => f.gain)
      const loss = Float64Array.from(features, (f) => f.loss)
      const open = [...features.keys()].filter((i) => features[i]!.open)
      const pair = bestPair(gain, loss, open)
      const best = slowly(gain, loss, open)
      if (!pair) {
        expect(best).toBe(0)
        return
      }
      expect(open).toContain(pair.first)
      expect(open).toContain(pair.second)
      expect(pair.first).not.toBe(pair.second)
      expect((gain[pair.first]! + gain[pair.second]!) * (loss[pair.first]! + loss[pair.second]!)).toBe(best)
    }),
    { seed: 1, numRuns: 500 },
  )
})

it('takes the pair whose weaker feature would serve nothing alone', () => {
  // 0 gains 3 but lets the others gain too; 1 loses nothing for the target and costs the others 4.
  expect(bestPair(Float64Array.of(3, 0, 1), Float64Array.of(-1, 4, 0.5), [0, 1, 2])).toEqual({ first: 0, second: 1 })
})
