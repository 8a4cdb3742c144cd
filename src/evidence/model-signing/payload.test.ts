import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import { createStatement } from '../statement.ts'
import { type Manifest, rootDigest } from './manifest.ts'
import { legacySignatureType, manifestIn, modelSignatureType, statementOf } from './payload.ts'

const digest = (byte: string): string => byte.repeat(32)

const manifest = (change: Partial<Manifest> = {}): Manifest => ({
  name: 'model',
  serialization: { method: 'files', hashType: 'sha256', allowSymlinks: false, ignorePaths: ['.git'] },
  resources: [
    { part: { path: 'a/b' }, digest: digest('ab') },
    { part: { path: 'c' }, digest: digest('cd') },
  ],
  ...change,
})

/** A statement over `resources` with its true root, whatever they are. */
const claim = (serialization: object, resources: readonly { name: string; algorithm: string; digest: string }[]) =>
  createStatement({
    subject: [{ name: 'model', digest: { sha256: rootDigest(resources.map((r) => ({ part: { path: '.' }, ...r }))) } }],
    predicateType: modelSignatureType,
    predicate: { serialization, resources },
  })

const files = { method: 'files', hash_type: 'sha256', allow_symlinks: false }
const shards = { method: 'shards', hash_type: 'sha256', allow_symlinks: false, shard_size: 8.0 }
const resource = (name: string, algorithm = 'sha256', value = digest('ab')) => ({ name, algorithm, digest: value })

const refused = (action: () => unknown): string => {
  try {
    action()
    return 'accepted'
  } catch (error) {
    if (isBartizanError(error, 'EVIDENCE_INVALID')) return error.message
    throw error
  }
}

describe('the signed list', () => {
  it('comes back as it was written', () => {
    expect(manifestIn(statementOf(manifest()))).toEqual(manifest())
    const cut = manifest({
      serialization: { method: 'shards', hashType: 'blake2b', shardSize: 8, allowSymlinks: true, ignorePaths: [] },
      resources: [
        { part: { path: 'a:b', range: { start: 0, end: 8 } }, digest: digest('abcd') },
        { part: { path: 'a:b', range: { start: 8, end: 9 } }, digest: digest('abcd') },
      ],
      emptyFiles: ['e'],
    })
    expect(manifestIn(statementOf(cut))).toEqual(cut)
  })

  it('ignores members that v1.0 does not know', () => {
    const statement = claim({ ...files, later: 1 }, [resource('a')])
    const predicate = { ...statement.predicate, card: {} }
    expect(manifestIn({ ...statement, predicate }).resources).toHaveLength(1)
  })

  it('takes the order that is listed, and refuses another root', () => {
    const swapped = manifest({ resources: [...manifest().resources].reverse() })
    expect(manifestIn(statementOf(swapped))).toEqual(swapped)
    const statement = { ...statementOf(manifest()), subject: statementOf(swapped).subject }
    expect(refused(() => manifestIn(statement))).toContain('has root')
  })

  it.each([
    ['a path upwards', files, [resource('../a')]],
    ['an absolute path', files, [resource('/etc/passwd')]],
    ['a second spelling', files, [resource('a//b')]],
    ['a dot within', files, [resource('a/./b')]],
    ['a file twice', files, [resource('a'), resource('a')]],
    ['a single file and others', files, [resource('.'), resource('a')]],
    ['a short digest', files, [resource('a', 'sha256', 'abab')]],
    ['capitals in a digest', files, [resource('a', 'sha256', digest('AB'))]],
    ['another hash than declared', files, [resource('a', 'blake2b', digest('abab'))]],
    ['a shard size for whole files', { ...files, shard_size: 8 }, [resource('a')]],
    ['shards without a size', { ...shards, shard_size: undefined }, [resource('a:0:8', 'sha256-sharded-8')]],
    ['no range', shards, [resource('a', 'sha256-sharded-8')]],
    ['an empty range', shards, [resource('a:0:0', 'sha256-sharded-8')]],
    ['a gap', shards, [resource('a:0:8', 'sha256-sharded-8'), resource('a:9:17', 'sha256-sharded-8')]],
    ['a late beginning', shards, [resource('a:8:16', 'sha256-sharded-8')]],
    ['an overlap', shards, [resource('a:0:8', 'sha256-sharded-8'), resource('a:7:15', 'sha256-sharded-8')]],
  ])('refuses %s', (_, serialization, resources) => {
    expect(refused(() => manifestIn(claim(serialization, resources)))).toContain('sign')
  })

  it('says which hash it can not compute', () => {
    const statement = claim({ ...files, hash_type: 'blake3' }, [resource('a', 'blake3')])
    expect(() => manifestIn(statement)).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ hashType: 'blake3' }) }),
    )
  })

  it('refuses a second subject, and another type', () => {
    const statement = statementOf(manifest())
    const twice = { ...statement, subject: [...statement.subject, ...statement.subject] }
    expect(refused(() => manifestIn(twice))).toContain('2 subjects')
    const other = { ...statement, predicateType: 'https://slsa.dev/provenance/v1' }
    expect(refused(() => manifestIn(other, { legacy: true }))).toContain('is no model signature')
  })

  it('reads the format of v0.2 only where it is asked to', () => {
    const statement = createStatement({
      subject: [
        { name: 'a', digest: { sha256: digest('ab') } },
        { name: 'b/c', digest: { sha256: digest('cd') } },
      ],
      predicateType: legacySignatureType,
      predicate: { unused: 'Unused' },
    })
    expect(refused(() => manifestIn(statement))).toContain('is no model signature')
    expect(manifestIn(statement, { legacy: true }).resources.map(({ part }) => part.path)).toEqual(['a', 'b/c'])
  })
})
