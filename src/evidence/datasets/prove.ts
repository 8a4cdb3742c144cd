import { BartizanError } from '../../base/errors.ts'
import { openInput } from '../../data/files.ts'
import { type Hash, inclusionProof } from '../merkle.ts'
import type { Chunk } from './chunk.ts'
import { rowLeaves, rowReader } from './chunk-rows.ts'
import { pieces } from './cut.ts'
import type { Frame, RowEncoding } from './frame.ts'
import { layoutOf } from './layout-of.ts'
import { type Manifest, manifestTree } from './manifest.ts'
import { hex, type MemoryTree, memoryTree } from './memory-tree.ts'
import { type AbsenceProof, absentContent, type DataProof, proofType, verifyProof } from './proof.ts'
import { keyValue, valueDigest } from './row-digest.ts'
import type { Salts } from './salts.ts'
import { digestCollector, searchSorted, sortedTree } from './sorted-set.ts'
import { columnValues } from './table-rows.ts'

const without = (path: string, what: string, flag: string): BartizanError =>
  new BartizanError('CONFIG_INVALID', `${path} was recorded without ${what}`, {
    hint: `record it again with ${flag}`,
    data: { path },
  })

const changedSince = (path: string): BartizanError =>
  new BartizanError('EVIDENCE_INVALID', `${path} is no longer what its manifest commits to`, {
    hint: 'bartizan data prove FILE --unchanged names what changed',
    data: { path },
  })

/** The rows of all chunks, one chunk after the other. What is given is the reader's until the next is asked for. */
export async function* rowsByChunk(
  path: string,
  encoding: RowEncoding,
  chunks: readonly Chunk[],
  from = 0,
): AsyncGenerator<readonly Uint8Array[]> {
  const layout = await layoutOf(path, true)
  const file = await openInput(path)
  // A table can only be read from its first row on.
  const first = encoding === 'table' ? 0 : from
  const reader = rowReader(path, encoding)
  try {
    let index = first
    for await (const piece of pieces(path, file, layout, { from: chunks[first]?.start ?? 0, records: true })) {
      const rows = await reader.rowsOf(piece)
      if (index >= from) yield rows
      index++
    }
  } finally {
    await reader.close()
    await file.close()
  }
}

const frameOf = (path: string, { frame }: Manifest): Frame & { readonly rows: NonNullable<Frame['rows']> } => {
  if (frame.rows === undefined) throw without(path, 'its rows', '--rows')
  return { ...frame, rows: frame.rows }
}

const checked = (path: string, proof: DataProof, root: string): DataProof => {
  if (verifyProof(proof, root)) return proof
  throw changedSince(path)
}

/**
 * Proof that row `row` (from 0) is in the data set. Reads the row's chunk only; of Parquet the rows before it too.
 * Throws CONFIG_INVALID without row digests or such a row, EVIDENCE_INVALID where the file changed.
 */
export const proveRow = async (path: string, manifest: Manifest, row: number, salts: Salts): Promise<DataProof> => {
  const { rows } = frameOf(path, manifest)
  const chunkIndex = manifest.chunks.findIndex(
    ({ rows }) => rows !== undefined && row >= rows.from && row < rows.from + rows.count,
  )
  const chunk = manifest.chunks[chunkIndex]
  if (chunk?.rows === undefined)
    throw new BartizanError('CONFIG_INVALID', `${path} has ${rows.count} rows, there is no row ${row}`, {
      hint: 'rows count from 0; the header of a table is none',
      data: { path, row, rows: rows.count },
    })
  for await (const found of rowsByChunk(path, rows.encoding, manifest.chunks, chunkIndex)) {
    const content = found[row - chunk.rows.from]
    if (content === undefined) throw changedSince(path)
    const tree = memoryTree(rowLeaves(found, chunk.rows.from, salts))
    const all = manifestTree(manifest)
    const proof: DataProof = {
      kind: 'row',
      type: proofType,
      row,
      content: Buffer.from(content).toString('base64'),
      salt: hex(salts.row(row, content)),
      path: inclusionProof(tree.nodes, row - chunk.rows.from, tree.size).map(hex),
      chunk,
      chunkIndex,
      chunkPath: inclusionProof(all.nodes, chunkIndex, all.size).map(hex),
      size: all.size,
    }
    return checked(path, proof, manifest.root)
  }
  throw changedSince(path)
}

interface ValueSet {
  readonly digests: readonly Hash[]
  readonly tree: MemoryTree
}

const valuesOf = async (path: string, manifest: Manifest, keys: readonly string[], salts: Salts): Promise<ValueSet> => {
  const { rows } = frameOf(path, manifest)
  const values = digestCollector()
  for await (const found of rowsByChunk(path, rows.encoding, manifest.chunks))
    for (const row of found) values.add(valueDigest(row, salts.absence))
  for await (const [key, value] of columnValues(path, keys))
    values.add(valueDigest(keyValue(key, value), salts.absence))
  const digests = values.sorted()
  return { digests, tree: sortedTree(digests) }
}

/**
 * Proofs that values are not in the data set: of a column where one is named, else of whole rows. Reads the data once.
 * Undefined for each value that is in it. Throws CONFIG_INVALID where absence was not committed to, EVIDENCE_INVALID
 * where the file changed.
 */
export const proveAbsent = async (
  path: string,
  manifest: Manifest,
  values: readonly string[],
  { column, salts }: { readonly column?: string; readonly salts: Salts },
): Promise<readonly (DataProof | undefined)[]> => {
  const { frame } = manifest
  const { absence } = frame
  if (absence === undefined) throw without(path, 'sorted digests', '--absence')
  if (column !== undefined && !absence.keys.includes(column))
    throw without(path, `the values of column "${column}"`, `--key ${column}`)
  const { digests, tree } = await valuesOf(path, manifest, absence.keys, salts)
  if (hex(tree.root) !== absence.root) throw changedSince(path)
  const all = manifestTree(manifest)
  const neighbour = (index: number): AbsenceProof['below'] =>
    index < 0 || index >= digests.length
      ? undefined
      : { index, digest: hex(digests[index]), path: inclusionProof(tree.nodes, index, tree.size).map(hex) }
  return values.map((value) => {
    const about = { ...(column !== undefined && { column }), value }
    const found = searchSorted(digests, valueDigest(absentContent(about), salts.absence))
    if (found >= 0) return undefined
    const next = -1 - found
    const [below, above] = [neighbour(next - 1), neighbour(next)]
    const proof: DataProof = {
      kind: 'absent',
      type: proofType,
      ...about,
      salt: hex(salts.absence),
      ...(below && { below }),
      ...(above && { above }),
      frame,
      framePath: inclusionProof(all.nodes, all.size - 1, all.size).map(hex),
      size: all.size,
    }
    return checked(path, proof, manifest.root)
  })
}
