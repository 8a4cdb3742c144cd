import { createHash } from 'node:crypto'
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/canonical-json.ts'
import { scratch } from '../../base/testing.ts'
import { type CommitOptions, commitFile } from './commit.ts'
import { commitLike, compareManifests } from './compare.ts'
import { commitFolder } from './folder.ts'
import { type Manifest, manifestText, parseManifest } from './manifest.ts'
import { saltsFrom } from './salts.ts'
import { flipped, writeArray, writeCsv, writeParquet } from './testing.ts'

const at = scratch()
const salting = { id: 'ab'.repeat(16), salts: saltsFrom(Buffer.alloc(32, 1), 'ab'.repeat(16)) }

const changesOf = async (path: string, manifest: Manifest) =>
  compareManifests(manifest, (await commitLike(path, manifest)).manifest)

describe('commitFile', () => {
  const kinds: readonly (readonly [string, () => Promise<string>, CommitOptions, string])[] = [
    ['CSV by bytes', async () => writeCsv(at('a.csv'), 150_000), {}, 'bytes'],
    ['CSV by rows', async () => writeCsv(at('b.csv'), 10_000), { rows: true }, 'rows'],
    ['npy', async () => writeArray(at('c.npy'), 10_000), {}, 'rows'],
    ['Parquet', () => writeParquet(at('d.parquet'), 10_000), { rows: true }, 'row-groups'],
  ]
  it.each(kinds)('covers every byte of %s once, in order', async (_, write, options, by) => {
    const path = await write()
    const bytes = readFileSync(path)
    const { manifest, sha256: whole, bytesRead } = await commitFile(path, options)
    const { header, footer } = manifest.frame
    expect(manifest.frame.by).toBe(by)
    expect(manifest.chunks.length).toBeGreaterThan(2)
    expect({ whole, bytesRead }).toEqual({ whole: sha256(bytes), bytesRead: bytes.length })
    let position = header?.bytes ?? 0
    for (const chunk of manifest.chunks) {
      expect(chunk.start).toBe(position - (header?.bytes ?? 0))
      expect(chunk.sha256).toBe(sha256(bytes.subarray(position, position + chunk.bytes)))
      position += chunk.bytes
    }
    expect(position + (footer?.bytes ?? 0)).toBe(bytes.length)
    expect((await commitFile(path, options)).manifest).toEqual(manifest)
  })
  it('counts records, not lines, and leaves the header out', async () => {
    const { manifest } = await commitFile(writeCsv(at('records.csv'), 9000), { rows: true })
    expect(manifest.frame).toMatchObject({ header: { bytes: 14 }, rows: { encoding: 'csv', count: 9000 } })
    expect(manifest.chunks.map(({ rows }) => rows?.count)).toEqual([4096, 4096, 808])
  })
  it('takes a file without its last line end, and empty files', async () => {
    writeFileSync(at('open.jsonl'), '{"a":1}\n{"a":2}')
    writeFileSync(at('empty.bin'), '')
    expect((await commitFile(at('open.jsonl'), { rows: true })).manifest.frame.rows?.count).toBe(2)
    const { manifest, sha256: whole } = await commitFile(at('empty.bin'))
    expect({ chunks: manifest.chunks, whole }).toEqual({ chunks: [], whole: sha256('') })
  })
  it('cuts a damaged file by bytes and says why, whatever its name', async () => {
    const bytes = readFileSync(await writeParquet(at('whole.parquet'), 100)).subarray(0, -9)
    writeFileSync(at('cut.parquet'), bytes)
    writeFileSync(at('other.parquet'), bytes)
    const { manifest } = await commitFile(at('cut.parquet'))
    expect(manifest.frame.by).toBe('bytes')
    expect(manifest.frame.note).toContain('cut by bytes')
    expect((await commitFile(at('other.parquet'))).manifest.root).toBe(manifest.root)
    await expect(commitFile(at('cut.parquet'), { rows: true })).rejects.toMatchObject({
      code: 'DATA_FORMAT_UNSUPPORTED',
    })
  })
  it('binds position: the same chunks in another order have another root', async () => {
    const [a, b] = [Buffer.alloc(1 << 20, 'a'), Buffer.alloc(1 << 20, 'b')]
    writeFileSync(at('ab.bin'), Buffer.concat([a, b]))
    writeFileSync(at('ba.bin'), Buffer.concat([b, a]))
    const [ab, ba] = [await commitFile(at('ab.bin')), await commitFile(at('ba.bin'))]
    expect(ab.manifest.chunks.map(({ sha256 }) => sha256).sort()).toEqual(
      ba.manifest.chunks.map(({ sha256 }) => sha256).sort(),
    )
    expect(ab.manifest.root).not.toBe(ba.manifest.root)
  })
  it('shows nothing of salted chunks and rows, and is the same for the same salts', async () => {
    const path = writeCsv(at('salted.csv'), 100)
    const plain = (await commitFile(path, { rows: true })).manifest.chunks[0]
    const { manifest } = await commitFile(path, { salting })
    expect(manifest.chunks[0].sha256).not.toBe(plain.sha256)
    expect(manifest.chunks[0].rows?.root).not.toBe(plain.rows?.root)
    expect((await commitFile(path, { salting })).manifest.root).toBe(manifest.root)
  })
})

describe('a manifest', () => {
  it('has no bit that can change without being found', async () => {
    const { manifest } = await commitFile(writeCsv(at('small.csv'), 3), { rows: true, absence: { keys: ['name'] } })
    const bytes = Buffer.from(manifestText(manifest))
    expect(parseManifest(bytes)).toEqual(manifest)
    for (let bit = 0; bit < bytes.length * 8; bit++)
      expect(() => parseManifest(flipped(bytes, bit)), `bit ${bit}`).toThrow(
        expect.objectContaining({ code: 'EVIDENCE_INVALID' }),
      )
    for (const changed of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from('\n')])])
      expect(() => parseManifest(changed)).toThrow()
  })
})

describe('a change of the data', () => {
  it('is found at every bit of a small file', async () => {
    const path = writeCsv(at('bits.csv'), 2)
    const original = readFileSync(path)
    const { manifest } = await commitFile(path)
    for (let bit = 0; bit < original.length * 8; bit++) {
      writeFileSync(path, flipped(original, bit))
      expect(await changesOf(path, manifest), `bit ${bit}`).toEqual([
        { kind: 'changed', where: `bytes 0 to ${original.length - 1}` },
      ])
    }
  })
  it('is located: the row group, the rows, the chunk', async () => {
    const parquet = await writeParquet(at('located.parquet'), 10_000)
    const { manifest } = await commitFile(parquet)
    const third = manifest.chunks[2]
    expect(third.group).toBe(2)
    const bytes = readFileSync(parquet)
    writeFileSync(parquet, flipped(bytes, (third.start + 100) * 8))
    expect((await changesOf(parquet, manifest)).map(({ where }) => where)).toEqual([
      `row group 2, bytes ${third.start} to ${third.start + third.bytes - 1}`,
    ])

    const csv = writeCsv(at('located.csv'), 9000)
    const rows = (await commitFile(csv, { rows: true })).manifest
    const text = readFileSync(csv, 'utf8')
    writeFileSync(csv, text.replace('name 5000', 'name 5OOO'))
    const [change, ...more] = await changesOf(csv, rows)
    expect(more).toEqual([])
    expect(change.where).toContain('rows 4096 to 8191')
    writeFileSync(csv, text.replace('id,name', 'id,nome'))
    expect(await changesOf(csv, rows)).toEqual([{ kind: 'changed', where: 'header' }])
  })
  it('is found where the file was cut or grew', async () => {
    const path = writeCsv(at('length.csv'), 200_000)
    const { manifest } = await commitFile(path)
    const last = manifest.chunks.length - 1
    appendFileSync(path, '1,2,3\n')
    expect(await changesOf(path, manifest)).toMatchObject([{ kind: 'changed' }])
    writeFileSync(path, readFileSync(path).subarray(0, manifest.chunks[last].start))
    expect(await changesOf(path, manifest)).toMatchObject([{ kind: 'missing' }])
  })
})

describe('commitFolder', () => {
  const folder = at('folder')
  const write = () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(join(folder, 'b/c'), { recursive: true })
    for (const [name, text] of [
      ['b/c/z.txt', 'z'],
      ['b.txt', 'b'],
      ['a.txt', 'a'],
    ])
      writeFileSync(join(folder, name), text)
  }
  it('has the digest of the lines that sha256sum prints, sorted', async () => {
    write()
    const lines = [`${sha256('a')}  a.txt\n`, `${sha256('b')}  b.txt\n`, `${sha256('z')}  b/c/z.txt\n`]
    const commitment = await commitFolder(folder)
    expect(commitment.sha256).toBe(createHash('sha256').update(lines.join('')).digest('hex'))
    expect(commitment.manifest.frame).toEqual({ by: 'files', bytes: 3 })
  })
  it('sorts paths by their bytes, as sha256sum’s lines are under LC_ALL=C', async () => {
    const names = ['a/x', 'a-b', 'a.b', 'B', 'é', '\u{10000}', '\uffff']
    const sorted = names.map((name) => Buffer.from(name)).sort(Buffer.compare)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(join(folder, 'a'), { recursive: true })
    for (const name of names) writeFileSync(join(folder, name), 'x')
    const lines = sorted.map((name) => `${sha256('x')}  ${name}\n`)
    expect((await commitFolder(folder)).sha256).toBe(createHash('sha256').update(lines.join('')).digest('hex'))
  })
  it('names files that changed, went, came or moved', async () => {
    write()
    const { manifest } = await commitFolder(folder)
    writeFileSync(join(folder, 'a.txt'), 'A')
    copyFileSync(join(folder, 'b.txt'), join(folder, 'new.txt'))
    rmSync(join(folder, 'b.txt'))
    expect(await changesOf(folder, manifest)).toEqual([
      { kind: 'changed', where: 'a.txt' },
      { kind: 'missing', where: 'b.txt' },
      { kind: 'added', where: 'new.txt' },
    ])
  })
  it('refuses links', async () => {
    write()
    symlinkSync('/etc', join(folder, 'elsewhere'))
    await expect(commitFolder(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})
