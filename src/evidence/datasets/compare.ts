import { statInput } from '../../data/files.ts'
import type { Chunk } from './chunk.ts'
import { type Commitment, type CommitOptions, commitFile } from './commit.ts'
import { commitFolder } from './folder.ts'
import type { Manifest } from './manifest.ts'

export interface DataChange {
  readonly kind: 'changed' | 'missing' | 'added' | 'otherwise'
  /** Where, for the reader: "row group 3, bytes 1048576 to 2097151". Bytes and rows count from 0, in the file. */
  readonly where: string
}

/** The options that a manifest was made with, but for the secret of its salts. */
export const optionsOf = ({ frame }: Manifest, salting?: CommitOptions['salting']): CommitOptions => ({
  rows: frame.rows !== undefined,
  ...(frame.absence && { absence: { keys: frame.absence.keys } }),
  ...(salting && { salting }),
})

/** Commits to a file or a folder in the way that an earlier manifest was made. */
export const commitLike = async (
  path: string,
  manifest: Manifest,
  salting?: CommitOptions['salting'],
): Promise<Commitment> =>
  (await statInput(path)).isDirectory() ? commitFolder(path) : commitFile(path, optionsOf(manifest, salting))

const placeOf = ({ path, start, bytes, group, rows }: Chunk, offset: number): string => {
  if (path !== undefined) return path
  const range = `bytes ${offset + start} to ${offset + start + bytes - 1}`
  const where = group === undefined ? range : `row group ${group}, ${range}`
  return rows === undefined || group !== undefined
    ? where
    : `${where}, rows ${rows.from} to ${rows.from + rows.count - 1}`
}

const same = (a: Chunk, b: Chunk): boolean => a.bytes === b.bytes && a.sha256 === b.sha256

const compareFiles = (was: readonly Chunk[], is: readonly Chunk[]): readonly DataChange[] => {
  const found = new Map(is.map((chunk) => [chunk.path, chunk]))
  const known = new Set(was.map(({ path }) => path))
  return [
    ...was.flatMap((chunk): readonly DataChange[] => {
      const now = found.get(chunk.path)
      if (now === undefined) return [{ kind: 'missing', where: placeOf(chunk, 0) }]
      return same(chunk, now) ? [] : [{ kind: 'changed', where: placeOf(chunk, 0) }]
    }),
    ...is.filter(({ path }) => !known.has(path)).map((chunk) => ({ kind: 'added', where: placeOf(chunk, 0) }) as const),
  ]
}

/** Every difference between two commitments, by place. None means that both have the same root. */
export const compareManifests = (was: Manifest, is: Manifest): readonly DataChange[] => {
  if (was.root === is.root) return []
  if (was.frame.by === 'files' && is.frame.by === 'files') return compareFiles(was.chunks, is.chunks)
  const [before, after] = [was.frame.header?.bytes ?? 0, is.frame.header?.bytes ?? 0]
  const changes: DataChange[] = []
  for (const part of ['header', 'footer'] as const) {
    const [old, now] = [was.frame[part], is.frame[part]]
    if (old?.sha256 !== now?.sha256)
      changes.push({ kind: old === undefined ? 'added' : now === undefined ? 'missing' : 'changed', where: part })
  }
  for (let i = 0; i < Math.max(was.chunks.length, is.chunks.length); i++) {
    const [old, now] = [was.chunks[i], is.chunks[i]]
    if (now === undefined) changes.push({ kind: 'missing', where: placeOf(old, before) })
    else if (old === undefined) changes.push({ kind: 'added', where: placeOf(now, after) })
    else if (!same(old, now)) changes.push({ kind: 'changed', where: placeOf(old, before) })
  }
  if (changes.length > 0) return changes
  return [{ kind: 'otherwise', where: 'the same bytes, but cut or salted in another way' }]
}
