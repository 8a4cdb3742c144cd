import { pngUri } from '../../assessment/report/html/png.ts'
import { rowPicture } from '../../assessment/report/index.ts'
import { BartizanError } from '../../base/errors.ts'
import type { ScreenedRow } from '../../contract/screening.ts'
import { identifier } from '../../data/formats/duckdb.ts'
import { type DataSet, writeTextAtomically } from '../../data/index.ts'
import { streamed, withTable } from '../../screening/table/index.ts'
import { cell } from './screening-rows.ts'

const columns = ['row', 'label', 'score', 'screens', 'picture', 'decision', 'data_sha256'] as const

export type Decision = 'keep' | 'remove'

/** Rows that are drawn, at most; a picture of each would make the files as large as the data. */
export const mostPictures = 1000

/** The lowest and highest value of the rows, for pictures. */
export const rangeOf = (x: Float32Array): readonly [number, number] => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of x) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high > low ? high : low + 1]
}

/** Pictures of some rows as data URIs; empty where rows are no images. */
export const picturesOf = async (
  { shape }: Pick<DataSet, 'shape'>,
  x: Float32Array,
  rows: readonly number[],
): Promise<ReadonlyMap<number, string>> => {
  const size = shape.reduce((product, side) => product * side, 1)
  const range = rangeOf(x)
  const pictures = new Map<number, string>()
  for (const row of rows.slice(0, mostPictures)) {
    const picture = rowPicture(x.subarray(row * size, (row + 1) * size), {
      shape: [...shape],
      range: [...range],
      units: 'input units',
    })
    if (!picture) return pictures
    pictures.set(row, await pngUri(picture))
  }
  return pictures
}

/** The review queue: a CSV with a row for each flagged one, and an empty column for what is decided: keep or remove. */
export const writeReview = (
  path: string,
  rows: readonly ScreenedRow[],
  pictures: ReadonlyMap<number, string>,
  sha256: string,
): Promise<void> => {
  const decided = { flagged: '', kept: 'keep', removed: 'remove' } as const
  const lines = rows.map(({ row, label, score, screens, verdict }) =>
    [
      String(row),
      label === undefined ? '' : String(label),
      score.toFixed(4),
      screens.map(({ id, score: own }) => `${id} ${Number(own.toPrecision(6))}`).join('; '),
      pictures.get(row) ?? '',
      decided[verdict],
      sha256,
    ]
      .map((text) => cell(text, ','))
      .join(','),
  )
  return writeTextAtomically(path, `${[columns.join(','), ...lines].join('\n')}\n`)
}

const refuse = (path: string, message: string): BartizanError =>
  new BartizanError('CONFIG_INVALID', `${path}: ${message}`, {
    hint: 'a decisions file is what --review wrote, with keep or remove in the column "decision"',
    data: { path },
  })

/** Decisions by row. Throws CONFIG_INVALID for files of other data, unknown words and rows that are decided twice. */
export const readDecisions = (path: string, sha256: string, rows: number): Promise<ReadonlyMap<number, Decision>> =>
  withTable(path, async (table) => {
    const names = table.relation.columns.map(({ name }) => name)
    for (const wanted of ['row', 'decision', 'data_sha256'])
      if (!names.includes(wanted)) throw refuse(path, `there is no column "${wanted}"`)
    const decisions = new Map<number, Decision>()
    const cells = ['row', 'decision', 'data_sha256'].map((name) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')
    for await (const chunk of streamed(table, `SELECT ${cells} FROM ${table.relation.sql}`))
      for (const [written, decision, of] of chunk) {
        const word = decision === null ? '' : String(decision).trim().toLowerCase()
        if (word === '') continue
        if (word !== 'keep' && word !== 'remove')
          throw refuse(path, `the decision "${word}" is neither keep nor remove`)
        if (of !== sha256) throw refuse(path, 'it was written for other data: data_sha256 differs')
        const row = Number(written)
        if (!Number.isInteger(row) || row < 0 || row >= rows) throw refuse(path, `there is no row ${String(written)}`)
        if (decisions.has(row)) throw refuse(path, `row ${row} is decided twice`)
        decisions.set(row, word)
      }
    return decisions
  })
