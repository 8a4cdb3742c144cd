import { generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import { scratchFolders } from '../../base/testing.ts'
import { encodeBase64 } from '../base64.ts'
import { openProjectKey } from '../keys.ts'
import { appendEntries } from '../log-writer.ts'
import { createSigner, type Signer } from '../signer.ts'
import { createStatement } from '../statement.ts'
import { recordEvidence } from '../store.ts'
import { createReceipt } from './create.ts'
import { createEnvelopeReceipt, verifyEnvelopeReceipt } from './envelope-receipt.ts'
import { formatProof, parseProof } from './tlog-proof.ts'
import { verifyReceipt } from './verify.ts'
import { cosignaturesOn, cosignedMessage, createWitness, formatWitness, parseWitness, type Witness } from './witness.ts'

const newFolder = scratchFolders()
const newSigner = (): Signer => createSigner(generateKeyPairSync('ed25519').privateKey)
const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
const entry = (i: number): Uint8Array => Buffer.from(`entry ${i}`)

const signer = newSigner()
const verifiers = [signer]
let folder: string
beforeAll(() => {
  folder = newFolder()
  appendEntries(
    folder,
    signer,
    Array.from({ length: 300 }, (_, i) => entry(i)),
  )
})

describe('a receipt', () => {
  it.each([0, 1, 255, 256, 299])('proves entry %d to whoever has the log’s key, and no other entry', (index) => {
    const receipt = createReceipt({ folder, index, verifiers })
    expect(verifyReceipt(receipt, entry(index), { verifiers })).toMatchObject({ index, checkpoint: { size: 300 } })
    expect(() => verifyReceipt(receipt, entry(index + 1), { verifiers })).toThrow(invalid)
    expect(() => verifyReceipt(receipt, entry(index), { verifiers: [newSigner()] })).toThrow(invalid)
  })

  it('stays valid when the log grows, and has the log’s head as it was', () => {
    const growing = newFolder()
    appendEntries(growing, signer, [entry(0), entry(1)])
    const head = readFileSync(join(growing, 'checkpoint'))
    const receipt = createReceipt({ folder: growing, index: 1, verifiers })
    appendEntries(growing, signer, [entry(2)])
    expect(verifyReceipt(receipt, entry(1), { verifiers }).checkpoint.size).toBe(2)
    expect(Buffer.from(receipt).subarray(-head.length)).toEqual(head)
  })

  it('has the lines of c2sp.org/tlog-proof', () => {
    const text = Buffer.from(createReceipt({ folder, index: 7, verifiers, extra: Buffer.from('abc') })).toString()
    const [proof, checkpoint, signature] = text.split('\n\n')
    expect(proof.split('\n').slice(0, 3)).toEqual(['c2sp.org/tlog-proof@v1', 'extra YWJj', 'index 7'])
    expect(proof.split('\n').slice(3)).toHaveLength(9)
    expect(checkpoint.split('\n')[1]).toBe('300')
    expect(signature).toMatch(/^— \S+ \S+\n$/u)
  })

  it('of a log with one entry has no hashes', () => {
    const single = newFolder()
    appendEntries(single, signer, [entry(0)])
    const receipt = createReceipt({ folder: single, index: 0, verifiers })
    expect(parseProof(receipt).hashes).toEqual([])
    expect(verifyReceipt(receipt, entry(0), { verifiers }).index).toBe(0)
  })

  it('is not made for an entry that is not there, nor of a log that is none', () => {
    for (const index of [-1, 300, 0.5]) expect(() => createReceipt({ folder, index, verifiers })).toThrow(invalid)
    expect(() => createReceipt({ folder: newFolder(), index: 0, verifiers })).toThrow(invalid)
  })

  it('with any single bit changed is refused', () => {
    const small = newFolder()
    appendEntries(small, signer, [entry(0), entry(1), entry(2)])
    const receipt = createReceipt({ folder: small, index: 1, verifiers })
    let tried = 0
    const accepted: number[] = []
    for (let bit = 0; bit < receipt.length * 8; bit++, tried++) {
      const changed = Uint8Array.from(receipt)
      changed[bit >> 3] ^= 1 << (bit & 7)
      try {
        verifyReceipt(changed, entry(1), { verifiers })
        accepted.push(bit)
      } catch (error) {
        if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
      }
    }
    expect(accepted).toEqual([])
    expect(tried).toBe(receipt.length * 8)
  })
})

describe('the format', () => {
  const proof = {
    extra: Buffer.from('x'),
    index: 3,
    hashes: [new Uint8Array(32)],
    checkpoint: Buffer.from('c\n1\nr\n'),
  }
  it('comes back as it was written', () => {
    expect(parseProof(formatProof(proof))).toMatchObject({ index: 3, extra: proof.extra, checkpoint: proof.checkpoint })
    expect(parseProof(formatProof({ ...proof, extra: undefined })).extra).toBeUndefined()
  })
  it.each([
    ['another version', 'c2sp.org/tlog-proof@v2\nindex 0\n\nc'],
    ['no index', 'c2sp.org/tlog-proof@v1\n\nc'],
    ['an index with a leading zero', 'c2sp.org/tlog-proof@v1\nindex 01\n\nc'],
    ['extra after the index', 'c2sp.org/tlog-proof@v1\nindex 0\nextra YWJj\n\nc'],
    ['loose base64', 'c2sp.org/tlog-proof@v1\nextra YWJ\nindex 0\n\nc'],
    ['a short hash', 'c2sp.org/tlog-proof@v1\nindex 0\nYWJj\n\nc'],
    ['too many hashes', `c2sp.org/tlog-proof@v1\nindex 0\n${`${encodeBase64(new Uint8Array(32))}\n`.repeat(65)}\nc`],
    ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 0\n'],
  ])('refuses %s', (_, text) => {
    expect(() => parseProof(Buffer.from(text))).toThrow(invalid)
  })
})

describe('witnesses', () => {
  const keys = [0, 1].map(() => generateKeyPairSync('ed25519'))
  const witnesses = keys.map(({ publicKey }, i) => createWitness(`witness.example/w${i}`, publicKey))

  const line = ({ name, id }: Witness, text: string, seconds: bigint, key = keys[0].privateKey): string => {
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(seconds)
    const blob = Buffer.concat([id, time, sign(null, cosignedMessage(text, seconds), key)])
    return `— ${name} ${encodeBase64(blob)}\n`
  }
  /** A receipt of entry 0 whose head the given lines were added to. */
  const withLines = (...lines: readonly ((text: string) => string)[]): Uint8Array => {
    const proof = parseProof(createReceipt({ folder, index: 0, verifiers }))
    const note = Buffer.from(proof.checkpoint).toString()
    const text = note.slice(0, note.lastIndexOf('\n\n') + 1)
    return formatProof({ ...proof, checkpoint: Buffer.from(note + lines.map((make) => make(text)).join('')) })
  }
  const cosign =
    (i: number, seconds = 1_700_000_000n) =>
    (text: string): string =>
      line(witnesses[i], text, seconds, keys[i].privateKey)
  const check = (receipt: Uint8Array, policy: object) => verifyReceipt(receipt, entry(0), { verifiers, ...policy })

  it('that cosigned are named with their time', () => {
    expect(check(withLines(cosign(0), cosign(1, 5n)), { witnesses }).cosignatures).toEqual([
      { name: 'witness.example/w0', seconds: 1_700_000_000 },
      { name: 'witness.example/w1', seconds: 5 },
    ])
  })

  it('must all have cosigned unless fewer are asked for, and count once', () => {
    const receipt = withLines(cosign(0), cosign(0, 6n))
    expect(() => check(receipt, { witnesses })).toThrow(invalid)
    expect(() => check(receipt, { witnesses, threshold: 2 })).toThrow(invalid)
    expect(check(receipt, { witnesses, threshold: 1 }).cosignatures).toHaveLength(1)
  })

  it('whose cosignature does not hold reject the receipt; unknown ones are passed over', () => {
    const byAnother = (text: string) => line(witnesses[0], text, 7n, keys[1].privateKey)
    expect(() => check(withLines(byAnother), { witnesses, threshold: 0 })).toThrow(invalid)
    expect(check(withLines(byAnother), {}).cosignatures).toEqual([])
    const late = (text: string) => cosign(0, 7n)(text.replace('300', '299'))
    expect(() => check(withLines(late), { witnesses, threshold: 0 })).toThrow(invalid)
  })

  it('have the message and the key id of c2sp.org/tlog-cosignature', () => {
    expect(cosignedMessage('log\n1\nroot\n', 1679315147n).toString()).toBe(
      'cosignature/v1\ntime 1679315147\nlog\n1\nroot\n',
    )
    const [witness] = witnesses
    expect(parseWitness(formatWitness(witness)).id).toEqual(witness.id)
    expect(
      cosignaturesOn(parseProof(withLines(cosign(0))).checkpoint, [parseWitness(formatWitness(witness))]),
    ).toHaveLength(1)
  })

  it('are refused in another form, with another id or another kind of key', () => {
    const written = formatWitness(witnesses[0])
    const refused = expect.objectContaining({ code: 'CONFIG_INVALID' })
    for (const wrong of ['w0', written.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), written.replace('+B', '+A')])
      expect(() => parseWitness(wrong)).toThrow(refused)
    expect(() => createWitness('w', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toThrow(refused)
  })
})

describe('the receipt of a record', () => {
  it('carries what was recorded, and needs nothing else', async () => {
    const root = newFolder()
    const statement = (i: number) =>
      createStatement({
        subject: [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }],
        predicateType: 'https://example.com/claim',
        predicate: { i },
      })
    const { records } = await recordEvidence({ root, statements: [statement(0), statement(1)] })
    const key = openProjectKey(root)
    const receipt = createEnvelopeReceipt(root, records[1].sha256, [key])
    expect(verifyEnvelopeReceipt(receipt, { verifiers: [key] })).toMatchObject({
      index: 1,
      digest: records[1].sha256,
      statement: { predicate: { i: 1 } },
    })
    const other = createEnvelopeReceipt(root, records[0].sha256, [key])
    const swapped = formatProof({ ...parseProof(receipt), extra: parseProof(other).extra })
    expect(() => verifyEnvelopeReceipt(swapped, { verifiers: [key] })).toThrow(invalid)
    expect(() => verifyEnvelopeReceipt(receipt, { verifiers: [key] }, [newSigner()])).toThrow(invalid)
    writeFileSync(records[0].path, 'changed')
    expect(() => createEnvelopeReceipt(root, records[0].sha256, [key])).toThrow(invalid)
    expect(() => createEnvelopeReceipt(root, 'cd'.repeat(32), [key])).toThrow(invalid)
  })
})
