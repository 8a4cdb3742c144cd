import { BartizanError } from '../../base/errors.ts'
import type { Hash } from '../merkle.ts'
import type { Chunk } from './chunk.ts'
import type { Piece } from './cut.ts'
import type { RowEncoding } from './frame.ts'
import { hex, memoryTree } from './memory-tree.ts'
import { rowLeaf } from './row-digest.ts'
import type { Salts } from './salts.ts'
import { tableRows } from './table-rows.ts'
import { withoutLineEnd } from './text-rows.ts'

/** Gives the rows that end in each piece, one piece after the other. */
export interface RowReader {
  readonly rowsOf: (piece: Piece) => Promise<readonly Uint8Array[]>
  readonly close: () => Promise<void>
}

const cut = ({ content, rowEnds = [] }: Piece): readonly Uint8Array[] =>
  rowEnds.map((end, i) => content.subarray(rowEnds[i - 1] ?? 0, end))

const take = async (rows: AsyncGenerator<Uint8Array>, count: number, path: string): Promise<readonly Uint8Array[]> => {
  const taken: Uint8Array[] = []
  while (taken.length < count) {
    const { value, done } = await rows.next()
    if (done === true)
      throw new BartizanError('DATA_CORRUPT', `${path} holds fewer rows than its metadata says`, { data: { path } })
    taken.push(value)
  }
  return taken
}

export const rowReader = (path: string, encoding: RowEncoding): RowReader => {
  if (encoding === 'table') {
    const rows = tableRows(path)
    return {
      rowsOf: ({ groupRows = 0 }) => take(rows, groupRows, path),
      close: async () => {
        await rows.return(undefined)
      },
    }
  }
  const isText = encoding !== 'fixed'
  return {
    rowsOf: async (piece) => (isText ? cut(piece).map(withoutLineEnd) : cut(piece)),
    close: async () => {},
  }
}

export const rowLeaves = (rows: readonly Uint8Array[], from: number, salts: Salts): readonly Hash[] =>
  rows.map((row, i) => rowLeaf(row, salts.row(from + i, row)))

/** What a chunk says of the rows that end in it; nothing where none do. */
export const chunkRows = (leaves: readonly Hash[], from: number): Pick<Chunk, 'rows'> =>
  leaves.length === 0 ? {} : { rows: { from, count: leaves.length, root: hex(memoryTree(leaves).root) } }
