import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../base/testing.ts'
import { commitFile } from './commit.ts'
import { committedBy, extendCommitment, provePrefix, verifyPrefix } from './extend.ts'
import { manifestOf } from './manifest.ts'
import { flipped, writeArray, writeCsv } from './testing.ts'

const at = scratch()

describe('a grown file', () => {
  it.each([
    [
      'CSV by bytes',
      () => writeCsv(at('a.csv'), 200_000),
      () => appendFileSync(at('a.csv'), '7,x,1\n'.repeat(300_000)),
      {},
    ],
    [
      'CSV by rows',
      () => writeCsv(at('b.csv'), 9000),
      () => appendFileSync(at('b.csv'), '7,x,1\n'.repeat(9000)),
      { rows: true },
    ],
    ['npy', () => writeArray(at('c.npy'), 20_000), () => writeArray(at('c.npy'), 33_333), {}],
  ] as const)(
    'is not hashed again from the start, and has the root that it would have: %s',
    async (_, write, grow, options) => {
      const path = write()
      const { manifest } = await commitFile(path, options)
      grow()
      const grown = await extendCommitment(path, manifest)
      const whole = await commitFile(path, options)
      expect(grown.manifest).toEqual(whole.manifest)
      expect(grown.sha256).toBeUndefined()
      expect(grown.bytesRead).toBeLessThan(whole.bytesRead - (1 << 17))
      const proof = provePrefix(manifest, grown.manifest)
      expect(proof.chunks).toBe(manifest.chunks.length - 1)
      expect(verifyPrefix(proof, committedBy(manifest), committedBy(grown.manifest))).toBe(true)
      expect(verifyPrefix(proof, committedBy(grown.manifest), committedBy(manifest))).toBe(false)
      expect(
        verifyPrefix({ ...proof, chunks: proof.chunks + 1 }, committedBy(manifest), committedBy(grown.manifest)),
      ).toBe(false)
    },
  )
  it('is refused where its beginning or end is another, or it shrank', async () => {
    const path = writeCsv(at('other.csv'), 200_000)
    const bytes = readFileSync(path)
    const { manifest } = await commitFile(path)
    for (const changed of [flipped(bytes, 8000), flipped(bytes, 8 * ((3 << 20) - 5)), bytes.subarray(0, -1)]) {
      writeFileSync(path, changed)
      await expect(extendCommitment(path, manifest)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
    }
  })
})

describe('a prefix proof', () => {
  const manifestWith = (digests: readonly number[]) =>
    manifestOf(
      { by: 'bytes', bytes: digests.length },
      digests.map((digest, i) => ({ start: i, bytes: 1, sha256: digest.toString(16).padStart(64, '0') })),
    )
  it('finds the whole common beginning of any two, and holds for these two only', () => {
    const digests = fc.array(fc.nat(3), { maxLength: 20 })
    fc.assert(
      fc.property(digests, digests, digests, (common, a, b) => {
        const [old, grown] = [manifestWith([...common, ...a]), manifestWith([...common, ...b])]
        const proof = provePrefix(old, grown)
        expect(proof.chunks).toBeGreaterThanOrEqual(common.length)
        expect(verifyPrefix(proof, committedBy(old), committedBy(grown))).toBe(true)
        const other = committedBy(manifestWith([9, ...b]))
        if (proof.chunks > 0) expect(verifyPrefix(proof, committedBy(old), other)).toBe(false)
      }),
    )
  })
})
