import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../base/testing.ts'
import { filesBelow } from './durable-file.ts'
import { openLog } from './log-reader.ts'
import { appendEntries } from './log-writer.ts'
import { leafHash } from './merkle.ts'
import { verifyConsistency, verifyInclusion } from './merkle-verify.ts'
import { createSigner } from './signer.ts'
import { tilePath, tilesOf } from './tiles.ts'

const invalid = expect.objectContaining({ code: 'EVIDENCE_INVALID' })
const signer = createSigner(generateKeyPairSync('ed25519').privateKey)
const entry = (i: number) => Buffer.from(`entry ${i}`)
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => entry(from + i))

let folder: string
const newFolder = scratchFolders()
beforeEach(() => {
  folder = newFolder()
})

const verifiesEverywhere = () => {
  const log = openLog(folder, [signer])
  const { size, root } = log.checkpoint
  let index = 0
  for (const stored of log.entries()) {
    expect(stored).toEqual(entry(index))
    expect(verifyInclusion({ leaf: leafHash(stored), index, size, root, proof: log.inclusionProof(index) })).toBe(true)
    index++
  }
  expect(index).toBe(size)
  return log
}

describe('a log', () => {
  it('holds what was appended, in batches that begin and end anywhere, and proves every step', () => {
    let size = 0
    const heads = [0, 1, 4, 255, 256, 257, 511, 700].map((next) => {
      const { root } = appendEntries(folder, signer, range(size, next))
      size = next
      return { oldSize: next, oldRoot: root }
    })
    const log = verifiesEverywhere()
    for (const head of heads) {
      const claim = { ...head, size, root: log.checkpoint.root, proof: log.consistencyProof(head.oldSize) }
      expect(verifyConsistency(claim), `from ${head.oldSize}`).toBe(true)
    }
  })
  it('consists of the files that the standard names, the same for one batch as for many', () => {
    const once = appendEntries(folder, signer, range(0, 600))
    const stored = filesBelow(folder)
    expect(stored).toEqual(['checkpoint', ...tilesOf(600).map(tilePath)].sort())
    const other = join(folder, 'other')
    for (const [from, to] of [
      [0, 3],
      [3, 300],
      [300, 599],
      [599, 600],
    ])
      appendEntries(other, signer, range(from, to))
    expect(appendEntries(other, signer, [])).toEqual(once)
    for (const path of stored) expect(readFileSync(join(other, path)), path).toEqual(readFileSync(join(folder, path)))
  })
  it('keeps the partial tiles of signed heads until the full tile is there', () => {
    for (let i = 0; i < 3; i++) appendEntries(folder, signer, [entry(i)])
    expect(filesBelow(join(folder, 'tile/0'))).toEqual(['000.p/1', '000.p/2', '000.p/3'])
    appendEntries(folder, signer, range(3, 256))
    appendEntries(folder, signer, [entry(256)])
    expect(filesBelow(join(folder, 'tile/0'))).toEqual(['000', '001.p/1'])
    verifiesEverywhere()
  })
  it('reads on from an old head while a writer fills its partial tiles', () => {
    appendEntries(folder, signer, range(0, 10))
    const old = openLog(folder, [signer])
    appendEntries(folder, signer, range(10, 256))
    appendEntries(folder, signer, [entry(256)])
    const { root } = old.checkpoint
    expect([...old.entries()]).toEqual(range(0, 10))
    expect(verifyInclusion({ leaf: leafHash(entry(3)), index: 3, size: 10, root, proof: old.inclusionProof(3) })).toBe(
      true,
    )
  })
})

describe('appending refuses', () => {
  beforeEach(() => void appendEntries(folder, signer, range(0, 5)))
  const change = (path: string) => {
    const bytes = readFileSync(join(folder, path))
    bytes[10] ^= 1
    writeFileSync(join(folder, path), bytes)
  }
  it('to sign on top of a changed tile', () => {
    change('tile/0/000.p/5')
    expect(() => appendEntries(folder, signer, [entry(5)])).toThrow(invalid)
  })
  it('to sign on top of a changed head', () => {
    change('checkpoint')
    expect(() => appendEntries(folder, signer, [entry(5)])).toThrow(invalid)
  })
  it('to begin anew where the head was deleted', () => {
    rmSync(join(folder, 'checkpoint'))
    expect(() => appendEntries(folder, signer, [entry(5)])).toThrow(invalid)
  })
  it('another key', () => {
    const other = createSigner(generateKeyPairSync('ed25519').privateKey)
    expect(() => appendEntries(folder, other, [entry(5)])).toThrow(invalid)
  })
})

describe('openLog', () => {
  it('refuses an empty folder and positions out of range', () => {
    expect(() => openLog(folder, [signer])).toThrow(invalid)
    appendEntries(folder, signer, range(0, 2))
    const log = openLog(folder, [signer])
    for (const index of [2, -1, 0.5]) expect(() => log.inclusionProof(index)).toThrow(invalid)
    expect(() => log.consistencyProof(3)).toThrow(invalid)
  })
})
