import { describe, expect, it } from 'vitest'
import { sha256 } from '../base/canonical-json.ts'
import { createLogIndex } from './log-index.ts'

describe('the index of a log', () => {
  it('finds each of thousands of envelopes, the last of those logged twice, and the bundles', () => {
    const index = createLogIndex()
    const digests = Array.from({ length: 5000 }, (_, i) => sha256(String(i)))
    for (const [i, digest] of digests.entries()) {
      if (i % 1000 === 0) index.add({ sha256: sha256(`bundle ${i}`), envelopes: 500 })
      index.add({ sha256: digest, envelopes: undefined })
    }
    index.add(undefined)
    index.add({ sha256: digests[7], envelopes: undefined })
    expect(index.size).toBe(5007)
    const positions = digests.map((_, i) => i + 1 + Math.floor(i / 1000))
    expect(positions.map(index.digestAt)).toEqual(digests)
    expect(digests.map(index.positionOf)).toEqual(positions.with(7, 5006))
    expect(positions.map((position) => index.bundleAt(position)?.sha256)).toEqual(
      digests.map((_, i) => (i % 1000 < 500 ? sha256(`bundle ${i - (i % 1000)}`) : undefined)),
    )
    expect([0, 1001, 5005, 5007, -1].map(index.digestAt)).toEqual(Array.from({ length: 5 }, () => undefined))
    expect(index.positionOf(sha256('not logged'))).toBeUndefined()
    expect([index.hasBundle(sha256('bundle 2000')), index.hasBundle(digests[0])]).toEqual([true, false])
  })
})
