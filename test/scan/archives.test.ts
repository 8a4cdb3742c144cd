import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tar, zip } from './support/archives.ts'
import { bytes, utf8 } from './support/bytes.ts'
import { inflated, rulesOf, scanBytes } from './support/run.ts'
import { evilPickle } from './support/sample.ts'

const zeros = (length: number): Uint8Array => new Uint8Array(length)
const reasons = async (name: string, data: Uint8Array): Promise<string> =>
  (await scanBytes(name, data)).unscanned.map(({ reason }) => reason).join('; ')

describe('bombs', () => {
  it('are found by what they declare, and not inflated', async () => {
    const data = zip([{ name: 'a', data: zeros(1_000_000), deflate: true, declaredSize: 4_000_000_000 }])
    expect(data.length).toBeLessThan(2000)
    expect(rulesOf(await scanBytes('m.zip', data))).toContain('archive-bomb')
  })

  it('are found when they inflate to more than they declare', async () => {
    const data = zip([{ name: 'a', data: zeros(2 * inflated.member), deflate: true, declaredSize: 1000 }])
    expect(rulesOf(await scanBytes('m.zip', data))).toContain('archive-bomb')
  })

  it('are found in gzip, whose header declares nothing', async () => {
    const scan = await scanBytes('m.gz', gzipSync(zeros(2 * inflated.member)))
    expect(rulesOf(scan)).toContain('archive-bomb')
    expect(scan.unscanned).not.toEqual([])
  })

  it('are found where members share their bytes', async () => {
    const one = zip([{ name: 'a', data: zeros(100_000), deflate: true }])
    const directory = one.indexOf(0x50, one.length - 22 - 46 - 1)
    const entry = one.subarray(directory, directory + 47)
    const end = Uint8Array.from(one.subarray(directory + 47))
    end.set([2, 0, 2, 0, 94, 0, 0, 0], 8)
    const twice = bytes(one.subarray(0, directory), entry, bytes(entry.subarray(0, 46), 'b'), end)
    expect(rulesOf(await scanBytes('m.zip', twice))).toContain('archive-bomb')
  })

  it('nested in each other end at a limit and are no pass', async () => {
    let data = zip([{ name: 'data.pkl', data: evilPickle }])
    for (let depth = 0; depth < 12; depth++) data = zip([{ name: `${depth}.zip`, data, deflate: true }])
    const scan = await scanBytes('m.zip', data)
    expect(rulesOf(scan)).toContain('archive-nesting')
    expect(scan.unscanned).not.toEqual([])
  })

  it('of many members share one budget', async () => {
    const inner = zip([{ name: 'x', data: zeros(inflated.member - 1), deflate: true }])
    const data = zip(Array.from({ length: 20 }, (_, i) => ({ name: `${i}.zip`, data: inner, deflate: true })))
    expect(data.length).toBeLessThan(100_000)
    const scan = await scanBytes('m.zip', data)
    expect(scan.unscanned.length).toBeGreaterThan(10)
    expect(rulesOf(scan)).toContain('archive-bomb')
  })
})

describe('what can not be looked into', () => {
  it.each([
    ['7z', bytes('7z\xbc\xaf\x27\x1c', zeros(40))],
    ['xz', bytes('\xfd7zXZ\0', zeros(40))],
    ['bzip2', bytes('BZh91AY&SY', zeros(40))],
    ['lz4', bytes('\x04\x22\x4d\x18', zeros(40))],
    ['zstandard', bytes('\x28\xb5\x2f\xfd', zeros(40))],
    ['RAR', bytes('Rar!\x1a\x07\x01\0', zeros(40))],
    ['nothing', zeros(0)],
    ['random numbers', Uint8Array.from({ length: 999 }, (_, i) => (i * i * 31 + 7) % 256)],
    ['an unknown method', zip([{ name: 'data.pkl', data: evilPickle, method: 93 }])],
  ])('is named: a model that is %s', async (_, data) => {
    expect(await reasons('model.pt', data)).not.toBe('')
  })

  it('is an archive that is cut off', async () => {
    const data = zip([{ name: 'a', data: utf8('x'.repeat(500)) }])
    expect(await reasons('m.zip', data.subarray(0, 300))).toContain('no directory')
  })

  it('is an encrypted member', async () => {
    const noise = Uint8Array.from({ length: 200 }, (_, i) => (i * 97 + 13) % 256)
    const scan = await scanBytes('m.zip', zip([{ name: 'a.pkl', data: noise, flags: 1, crc: 5 }]))
    expect(rulesOf(scan)).toContain('archive-encrypted')
    expect(scan.unscanned).not.toEqual([])
  })
})

describe('links and names', () => {
  it('within the archive are of medium severity', async () => {
    const scan = await scanBytes('m.tar', tar([{ name: 'a/b', type: '2', link: '../c' }]))
    expect(rulesOf(scan)).toEqual(['archive-link'])
  })

  it('hold for pax and GNU long names', async () => {
    const long = `../${'d/'.repeat(80)}x`
    const record = `path=${long}\n`
    const length = String(record.length + 4)
    const pax = tar([
      { name: 'h', type: 'x', data: utf8(`${length} ${record}`) },
      { name: 'short', data: utf8('x') },
    ])
    expect(rulesOf(await scanBytes('m.tar', pax))).toContain('archive-path-traversal')
    const gnu = tar([
      { name: '././@LongLink', type: 'L', data: utf8(`${long}\0`) },
      { name: 'short', data: utf8('x') },
    ])
    expect(rulesOf(await scanBytes('m.tar', gnu))).toContain('archive-path-traversal')
  })

  it('of members are shown with the way to them', async () => {
    const data = zip([{ name: 'outer/inner.zip', data: zip([{ name: 'x/data.pkl', data: evilPickle }]) }])
    const { findings } = await scanBytes('m.zip', data)
    expect(findings[0]).toMatchObject({ rule: 'pickle-dangerous-import', file: 'm.zip' })
    expect(findings[0]?.where).toBe('outer/inner.zip > x/data.pkl, byte 14')
  })
})
