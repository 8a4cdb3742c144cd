import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../base/canonical-json.ts'
import { encodeBundleEntry, encodeEntry, readEntry } from './entry.ts'
import { bundleName } from './paths.ts'

const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })

describe('entries', () => {
  const digest = 'cd'.repeat(32)
  it('say what they stand for', () => {
    const descriptor = { name: `${digest}.dsse.json`, digest: { sha256: digest } }
    expect(Buffer.from(encodeEntry(digest)).toString()).toBe(canonicalJson(descriptor))
    expect(readEntry(encodeEntry(digest))).toEqual({ sha256: digest, envelopes: undefined })
    expect(readEntry(encodeBundleEntry(digest, 12))).toEqual({ sha256: digest, envelopes: 12 })
    expect(readEntry(Buffer.from(`{"name":"x","digest":{"sha256":"${digest}"}}`)).sha256).toBe(digest)
  })
  it.each([
    ['a bundle of unknown size', { name: bundleName(digest), digest: { sha256: digest } }],
    ['a bundle of none', { name: bundleName(digest), digest: { sha256: digest }, annotations: { envelopes: 0 } }],
    [
      'a bundle of another digest',
      { name: bundleName(digest), digest: { sha256: 'ab'.repeat(32) }, annotations: { envelopes: 2 } },
    ],
  ])('are refused for %s', (_, entry) => expect(() => readEntry(Buffer.from(JSON.stringify(entry)))).toThrow(invalid))
})
