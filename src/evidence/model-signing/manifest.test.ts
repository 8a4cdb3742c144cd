import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../base/testing.ts'
import { defaultShardSize, hashModel, type ManifestOptions } from './hash-model.ts'
import { rootDigest } from './manifest.ts'
import { statementOf } from './payload.ts'
import { resourceName } from './resource-name.ts'
import { writeModel } from './testing.ts'

const newFolder = scratchFolders()
const createManifest = async (path: string, options?: ManifestOptions) => (await hashModel(path, options)).manifest

/** The folder of the reference implementation's own tests. */
const sampleModel = (): string =>
  writeModel(newFolder(), {
    ...Object.fromEntries(
      [0, 1].flatMap((i) => [0, 1, 2].map((j) => [`d${i}/f${i}${j}`, `This is file f${i}${j} in d${i}.`])),
    ),
    ...Object.fromEntries([0, 1, 2, 3].map((i) => [`f${i}`, `This is file f${i} in root.`])),
  })

// Roots that the reference implementation (model_signing 1.x) publishes for the same content.
describe('the root digest', () => {
  it.each([
    ['whole files', {}, '143cc682e555951649f18e2761c3d526d2502996f5e32dc187ef7f8a614f8df7'],
    [
      'shards of 8 bytes',
      { method: 'shards', shardSize: 8 },
      '2139af57fd2a4f324ac7cd0fc04898cce73d0871b363c8eb3fc07ab7da4c8445',
    ],
    [
      'shards larger than the files',
      { method: 'shards' },
      '143cc682e555951649f18e2761c3d526d2502996f5e32dc187ef7f8a614f8df7',
    ],
  ] as const)('of the reference sample is the published one by %s', async (_, options, root) => {
    const manifest = await createManifest(sampleModel(), options)
    expect(rootDigest(manifest.resources)).toBe(root)
  })

  it('of the conformance fixture is the published one', async () => {
    const model = writeModel(newFolder(), { 'signme-1': 'signme-1\n', 'signme-2': 'signme-2', 'ignore-me': 'x' })
    const { resources } = await createManifest(model, { ignore: ['ignore-me'] })
    const starts = resources.map(({ digest }) => digest.slice(0, 12))
    expect(starts).toEqual(['bc9a717db606', '32dcb1f8e1ae'])
    expect(rootDigest(resources)).toBe('92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4')
  })

  it('of a single file is over its digest, under the name "."', async () => {
    const file = join(writeModel(newFolder(), { file_model: 'This is a simple model' }), 'file_model')
    const manifest = await createManifest(file)
    expect(rootDigest(manifest.resources)).toBe('002d162f867c5eee944e5080d25829b6625be0e3f081f6fbafc7dd655ca2e178')
    expect(statementOf(manifest)).toMatchObject({
      subject: [{ name: 'file_model' }],
      predicate: { resources: [{ name: '.' }] },
    })
  })
})

describe('a manifest', () => {
  it('orders by folder and name, then by position, as the reference implementation does', async () => {
    const model = writeModel(newFolder(), { 'a.b': '1', 'a/b': '22222', 'a/\u{10000}': '3', 'a/\uffff': '4', Z: '5' })
    const { resources } = await createManifest(model, { method: 'shards', shardSize: 2 })
    expect(resources.map(({ part }) => resourceName(part))).toEqual([
      'Z:0:1',
      'a/b:0:2',
      'a/b:2:4',
      'a/b:4:5',
      'a/\uffff:0:1',
      'a/\u{10000}:0:1',
      'a.b:0:1',
    ])
  })

  it('hashes with BLAKE2b of 64 bytes, and names shards and their size', async () => {
    const model = writeModel(newFolder(), { a: 'abcde' })
    const manifest = await createManifest(model, { hashType: 'blake2b', method: 'shards', shardSize: 4 })
    expect(manifest.resources[0].digest).toBe(createHash('blake2b512').update('abcd').digest('hex'))
    expect(statementOf(manifest).predicate).toMatchObject({
      serialization: { method: 'shards', hash_type: 'blake2b', shard_size: 4, allow_symlinks: false },
      resources: [{ algorithm: 'blake2b-sharded-4' }, { algorithm: 'blake2b-sharded-4' }],
    })
  })

  it('has shards of 1,000,000,000 bytes unless told otherwise, as the reference implementation does', async () => {
    const { serialization } = await createManifest(writeModel(newFolder(), { a: 'x' }), { method: 'shards' })
    expect([serialization.shardSize, defaultShardSize]).toEqual([1_000_000_000, 1_000_000_000])
  })

  it('leaves out what git keeps and what it is told to, and records both in order', async () => {
    const model = writeModel(newFolder(), { '.git/HEAD': 'x', 'logs/run': 'x', kept: 'x', logsheet: 'x' })
    const { resources, serialization } = await createManifest(model, { ignore: ['./logs/'] })
    expect(resources.map(({ part }) => part.path)).toEqual(['kept', 'logsheet'])
    expect(serialization.ignorePaths).toEqual(['.git', '.gitattributes', '.github', '.gitignore', 'logs'])
  })

  it.each(['..', '../x', '/etc', '.', ''])('refuses to ignore "%s"', async (path) => {
    const model = writeModel(newFolder(), { a: 'x' })
    await expect(createManifest(model, { ignore: [path] })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('lists empty files under shards, where they have no digest', async () => {
    const model = writeModel(newFolder(), { 'b/empty': '', a: 'x' })
    const manifest = await createManifest(model, { method: 'shards' })
    expect(manifest.resources.map(({ part }) => part.path)).toEqual(['a'])
    expect(manifest.emptyFiles).toEqual(['b/empty'])
    expect((await createManifest(model)).emptyFiles).toBeUndefined()
  })

  it('refuses links unless they are allowed, and links to folders always; ignored ones are no matter', async () => {
    const outside = writeModel(newFolder(), { target: 'x' })
    const model = writeModel(newFolder(), { a: 'x' })
    symlinkSync(join(outside, 'target'), join(model, 'link'))
    await expect(createManifest(model)).rejects.toMatchObject({ code: 'MODEL_UNSAFE', data: { path: 'link' } })
    const { resources } = await createManifest(model, { allowSymlinks: true })
    expect(resources.map(({ part }) => part.path)).toEqual(['a', 'link'])
    symlinkSync(outside, join(model, 'folder'))
    await expect(createManifest(model, { allowSymlinks: true })).rejects.toMatchObject({ data: { path: 'folder' } })
    expect((await createManifest(model, { ignore: ['folder', 'link'] })).resources).toHaveLength(1)
  })

  it('refuses an empty folder, and shards of a file whose name holds a colon', async () => {
    const model = newFolder()
    mkdirSync(join(model, 'below'))
    await expect(createManifest(model)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    writeFileSync(join(model, 'a:b'), 'x')
    await expect(createManifest(model, { method: 'shards' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect((await createManifest(model)).resources).toHaveLength(1)
  })

  it('tells how far it is, and stops when that throws', async () => {
    const model = writeModel(newFolder(), { a: new Uint8Array(3 << 20) })
    const shares: number[] = []
    await createManifest(model, { onProgress: (share) => shares.push(share) })
    expect(shares).toEqual([1 / 3, 2 / 3, 1])
    const stop = () => {
      throw new Error('stopped')
    }
    await expect(createManifest(model, { onProgress: stop })).rejects.toThrow('stopped')
  })
})
