import { describe, expect, it } from 'vitest'
import {
  consistencyProof,
  emptyRoot,
  type Hash,
  inclusionProof,
  leafHash,
  type NodeReader,
  nodeHash,
  rootHash,
} from './merkle.ts'
import { verifyConsistency, verifyInclusion } from './merkle-verify.ts'

const hex = (hash: Hash) => Buffer.from(hash).toString('hex')

/** RFC 6962 section 2.1, word for word, without any shared work. */
const slowRoot = (entries: readonly Uint8Array[]): Hash => {
  if (entries.length === 0) return emptyRoot
  if (entries.length === 1) return leafHash(entries[0])
  const k = 2 ** Math.ceil(Math.log2(entries.length) - 1)
  return nodeHash(slowRoot(entries.slice(0, k)), slowRoot(entries.slice(k)))
}

/** RFC 6962 section 2.1.1: PATH(m, D[n]). */
const slowPath = (m: number, entries: readonly Uint8Array[]): readonly Hash[] => {
  if (entries.length === 1) return []
  const k = 2 ** Math.ceil(Math.log2(entries.length) - 1)
  return m < k
    ? [...slowPath(m, entries.slice(0, k)), slowRoot(entries.slice(k))]
    : [...slowPath(m - k, entries.slice(k)), slowRoot(entries.slice(0, k))]
}

/** RFC 6962 section 2.1.2: SUBPROOF(m, D[n], b). */
const slowSubproof = (m: number, entries: readonly Uint8Array[], b: boolean): readonly Hash[] => {
  if (m === entries.length) return b ? [] : [slowRoot(entries)]
  const k = 2 ** Math.ceil(Math.log2(entries.length) - 1)
  return m <= k
    ? [...slowSubproof(m, entries.slice(0, k), b), slowRoot(entries.slice(k))]
    : [...slowSubproof(m - k, entries.slice(k), false), slowRoot(entries.slice(0, k))]
}

const nodes = (entries: readonly Uint8Array[]): NodeReader => {
  const known = new Map<string, Hash>()
  return (level, index) => {
    const key = `${level}/${index}`
    const hash = known.get(key) ?? slowRoot(entries.slice(index * 2 ** level, (index + 1) * 2 ** level))
    known.set(key, hash)
    return hash
  }
}

describe('the eight leaves of the Certificate Transparency tests', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((text) => Buffer.from(text, 'hex'))
  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('have their known root at size %d', (size, root) => {
    expect(hex(rootHash(nodes(leaves), size))).toBe(root)
    expect(hex(slowRoot(leaves.slice(0, size)))).toBe(root)
  })
})

const sizes = Array.from({ length: 70 }, (_, i) => i + 1)
const entries = sizes.map((i) => Buffer.from(`entry ${i}`))
const roots = [emptyRoot, ...sizes.map((size) => slowRoot(entries.slice(0, size)))]
const flip = (hash: Hash): Hash => Uint8Array.from(hash, (byte, i) => (i === 7 ? byte ^ 4 : byte))

describe('inclusion proofs at all sizes to 70', () => {
  it('are those of RFC 6962 and verify for their own leaf, index, size and root only', () => {
    const read = nodes(entries)
    for (const size of sizes)
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(read, index, size)
        expect(proof.map(hex)).toEqual(slowPath(index, entries.slice(0, size)).map(hex))
        const claim = { leaf: leafHash(entries[index]), index, size, root: roots[size], proof }
        expect(verifyInclusion(claim), `${index} of ${size}`).toBe(true)
        for (const changed of [
          { ...claim, leaf: leafHash(Buffer.from('another')) },
          { ...claim, index: index ^ 1 },
          { ...claim, root: roots[size - 1] },
          { ...claim, proof: [...proof, emptyRoot] },
          { ...claim, proof: proof.slice(0, -1), root: flip(roots[size]) },
          {
            ...claim,
            proof: proof.map((hash, i) => (i === proof.length - 1 ? flip(hash) : hash)),
            leaf: size === 1 ? emptyRoot : claim.leaf,
          },
          { ...claim, index: index + size },
          { ...claim, index: -1 },
          { ...claim, index: index + 0.5 },
        ])
          expect(verifyInclusion(changed), JSON.stringify({ index, size, changed })).toBe(false)
        if (proof.length > 0) expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false)
      }
  })
})

describe('consistency proofs between all sizes to 70', () => {
  it('are those of RFC 6962 and verify for their own two trees only', () => {
    const read = nodes(entries)
    for (const size of sizes)
      for (let oldSize = 0; oldSize <= size; oldSize++) {
        const proof = consistencyProof(read, oldSize, size)
        if (oldSize > 0) expect(proof.map(hex)).toEqual(slowSubproof(oldSize, entries.slice(0, size), true).map(hex))
        const claim = { oldSize, oldRoot: roots[oldSize], size, root: roots[size], proof }
        expect(verifyConsistency(claim), `${oldSize} to ${size}`).toBe(true)
        expect(verifyConsistency({ ...claim, oldRoot: flip(claim.oldRoot) })).toBe(false)
        // From an empty tree nothing is proved, so any new root is consistent with it.
        if (oldSize > 0) expect(verifyConsistency({ ...claim, root: flip(claim.root) })).toBe(false)
        expect(verifyConsistency({ ...claim, proof: [...proof, emptyRoot] })).toBe(false)
        expect(verifyConsistency({ ...claim, oldSize: size + 1 })).toBe(false)
        for (let i = 0; i < proof.length; i++) {
          expect(verifyConsistency({ ...claim, proof: proof.map((hash, j) => (i === j ? flip(hash) : hash)) })).toBe(
            false,
          )
          expect(verifyConsistency({ ...claim, proof: proof.filter((_, j) => i !== j) })).toBe(false)
        }
      }
  })
})
