import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { scratch } from '../../base/testing.ts'
import { type CommitOptions, commitFile } from './commit.ts'
import { discloseWithout, disclosureText, parseDisclosure, verifyDisclosure } from './disclosure.ts'
import type { Manifest } from './manifest.ts'
import { type DataProof, parseProof, proofText, verifyProof } from './proof.ts'
import { proveAbsent, proveRow } from './prove.ts'
import { noSalt } from './row-digest.ts'
import { plainSalts, saltsFrom } from './salts.ts'
import { flipped, writeArray, writeCsv, writeParquet } from './testing.ts'

const at = scratch()
const salting = { id: 'cd'.repeat(16), salts: saltsFrom(Buffer.alloc(32, 2), 'cd'.repeat(16)) }
const other = 'ef'.repeat(32)

const contentOf = (proof: DataProof): string =>
  proof.kind === 'row' ? Buffer.from(proof.content, 'base64').toString() : ''

/** Whether a proof file's bytes convince somebody who holds the root. */
const convinces = (bytes: Uint8Array, root: string): DataProof | undefined => {
  try {
    const proof = parseProof(bytes)
    return verifyProof(proof, root) ? proof : undefined
  } catch {
    return undefined
  }
}

describe('a proof of a row', () => {
  it.each([
    ['CSV', async () => writeCsv(at('a.csv'), 9000), '2,"two\nlines",x', '8999,name 8999,4'],
    [
      'Parquet',
      () => writeParquet(at('b.parquet'), 9000),
      '{"id":2,"name":"name 2"}',
      '{"id":8999,"name":"name 8999"}',
    ],
  ] as const)('verifies against the root alone: %s', async (_, write, third, last) => {
    const path = await write()
    const { manifest } = await commitFile(path, { rows: true })
    const proofs = await Promise.all([2, 8999].map((row) => proveRow(path, manifest, row, plainSalts)))
    expect(proofs.map(contentOf)).toEqual([third, last])
    for (const proof of proofs) {
      expect(parseProof(Buffer.from(proofText(proof)))).toEqual(proof)
      expect(verifyProof(proof, manifest.root)).toBe(true)
      expect(verifyProof(proof, other)).toBe(false)
    }
    await expect(proveRow(path, manifest, 9000, plainSalts)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
  it('shows the bytes of a row of an array', async () => {
    const path = writeArray(at('c.npy'), 5000)
    const { manifest } = await commitFile(path, { rows: true })
    const proof = await proveRow(path, manifest, 4999, plainSalts)
    const start = readFileSync(path).length - 256
    expect(contentOf(proof)).toBe(readFileSync(path).subarray(start).toString())
  })
  it('says nothing else, whatever bit of it is changed', async () => {
    const path = writeCsv(at('bits.csv'), 30)
    const { manifest } = await commitFile(path, { salting })
    const proof = await proveRow(path, manifest, 17, salting.salts)
    const bytes = Buffer.from(proofText(proof))
    expect(convinces(bytes, manifest.root)).toEqual(proof)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const found = convinces(flipped(bytes, bit), manifest.root)
      if (found === undefined) continue
      // The size of the tree only shapes the path.
      expect({ ...found, size: 0 }).toEqual({ ...proof, size: 0 })
    }
  })
  it('cannot be forged for another content, number or chunk', async () => {
    const path = writeCsv(at('forged.csv'), 9000)
    const { manifest } = await commitFile(path, { rows: true })
    const proofs = await Promise.all([0, 5000].map((row) => proveRow(path, manifest, row, plainSalts)))
    const [proof, stranger] = proofs.filter((proof) => proof.kind === 'row')
    fc.assert(
      fc.property(fc.string(), fc.nat(9000), fc.nat(4), (content, row, chunkIndex) => {
        const base64 = Buffer.from(content).toString('base64')
        expect(verifyProof({ ...proof, content: base64 }, manifest.root)).toBe(base64 === proof.content)
        expect(verifyProof({ ...proof, row }, manifest.root)).toBe(row === proof.row)
        expect(verifyProof({ ...proof, chunkIndex }, manifest.root)).toBe(chunkIndex === proof.chunkIndex)
        expect(verifyProof({ ...proof, chunk: stranger.chunk }, manifest.root)).toBe(false)
        expect(verifyProof({ ...proof, salt: Buffer.from(content).toString('hex') }, manifest.root)).toBe(
          content === '',
        )
      }),
    )
  })
  it('is not made from a file that changed, nor without row digests', async () => {
    const path = writeCsv(at('changed.csv'), 100)
    const bare = (await commitFile(path)).manifest
    const { manifest } = await commitFile(path, { rows: true })
    await expect(proveRow(path, bare, 3, plainSalts)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    writeFileSync(path, readFileSync(path, 'utf8').replace('name 50', 'name 5O'))
    await expect(proveRow(path, manifest, 3, plainSalts)).rejects.toMatchObject({ code: 'EVIDENCE_INVALID' })
  })
})

describe('a proof of absence', () => {
  let path: string
  let plain: Manifest
  let salted: Manifest
  const options: CommitOptions = { absence: { keys: ['name'] } }
  beforeAll(async () => {
    path = writeCsv(at('people.csv'), 300)
    plain = (await commitFile(path, options)).manifest
    salted = (await commitFile(path, { ...options, salting })).manifest
  })
  // One pass over the file for all of them.
  const absent = (values: readonly string[], column?: string, isSalted = false) =>
    proveAbsent(path, isSalted ? salted : plain, values, { column, salts: isSalted ? salting.salts : plainSalts })

  it('is made for what is not there, and only for that', async () => {
    const [there, ...named] = await absent(['name 7', 'name 300'], 'name')
    const [row, ...rows] = await absent(['7,name 7,0', '7,name 7,1', 'name 7'])
    expect([there, row, named.length, rows.length]).toEqual([undefined, undefined, 1, 2])
    for (const proof of [...named, ...rows]) {
      expect(proof && verifyProof(proof, plain.root)).toBe(true)
      expect(proof && verifyProof(proof, salted.root)).toBe(false)
    }
    await expect(absent(['x'], 'label')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
  it('holds at both ends of the sorted digests', async () => {
    const values = Array.from({ length: 40 }, (_, i) => `nobody ${i}`)
    const proofs = await proveAbsent(path, plain, values, { column: 'name', salts: plainSalts })
    expect(proofs.every((proof) => proof && verifyProof(proof, plain.root))).toBe(true)
    writeFileSync(at('none.jsonl'), '')
    const { manifest } = await commitFile(at('none.jsonl'), { absence: { keys: [] } })
    const [proof] = await proveAbsent(at('none.jsonl'), manifest, ['x'], { salts: plainSalts })
    expect(proof && verifyProof(proof, manifest.root)).toBe(true)
  })
  it('cannot be forged for a value that is there, by another salt or other neighbours', async () => {
    for (const isSalted of [false, true]) {
      const root = (isSalted ? salted : plain).root
      const [proof, ...present] = await absent(['nobody', 'name 0', 'name 150', 'name 299'], 'name', isSalted)
      if (proof?.kind !== 'absent') throw new Error('no proof')
      const forgeries = [
        { ...proof, value: 'name 7' },
        { ...proof, column: undefined, value: '7,name 7,0' },
        { ...proof, column: 'label' },
        { ...proof, salt: 'aa'.repeat(32), value: 'name 7' },
        { ...proof, below: undefined },
        { ...proof, above: undefined },
        { ...proof, below: undefined, above: undefined },
        { ...proof, below: proof.above },
        { ...proof, above: proof.below },
        { ...proof, frame: { ...proof.frame, absence: { ...proof.frame.absence!, size: 0 } } },
      ]
      expect(verifyProof(proof, root)).toBe(true)
      for (const forged of forgeries) expect(verifyProof(forged, root)).toBe(false)
      expect(present).toEqual([undefined, undefined, undefined])
    }
  })
})

describe('a row that is withheld', () => {
  it('leaves the root provable, and no other content can take its place', async () => {
    const path = writeCsv(at('redacted.csv'), 200)
    const { manifest } = await commitFile(path, { salting })
    const disclosure = await discloseWithout(path, manifest, [42, 43], salting.salts)
    const text = disclosureText(disclosure)
    expect(text).not.toContain(Buffer.from('42,name 42,0').toString('base64'))
    expect(verifyDisclosure(parseDisclosure(Buffer.from(text)), manifest.root)).toBe(true)
    const row = (content: string) => ({ content: Buffer.from(content).toString('base64'), salt: '' })
    for (const rows of [
      disclosure.rows.with(42, row('42,name 42,0')),
      disclosure.rows.with(41, row('41,name 4I,6')),
      disclosure.rows.slice(0, -1),
      disclosure.rows.toSpliced(42, 1),
      [...disclosure.rows, row('200,name 200,4')],
    ])
      expect(verifyDisclosure({ ...disclosure, rows }, manifest.root)).toBe(false)
    // Whoever guesses the row has no salt to check the guess with.
    const guess = {
      ...disclosure,
      rows: disclosure.rows.with(42, { ...row('42,name 42,0'), salt: Buffer.from(noSalt).toString('hex') }),
    }
    expect(verifyDisclosure(guess, manifest.root)).toBe(false)
  })
  it('is refused in a set without salts, where it could be guessed', async () => {
    const path = writeCsv(at('plain.csv'), 20)
    const { manifest } = await commitFile(path, { rows: true })
    await expect(discloseWithout(path, manifest, [1], plainSalts)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
