import { writeFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { literal } from '../../data/formats/duckdb.ts'
import { npyHeader } from '../../data/formats/npy-header.ts'

/** A CSV file with a header and `rows` rows, of which the third has a line end within quotes. */
export const writeCsv = (path: string, rows: number, from = 0): string => {
  const lines = Array.from({ length: rows }, (_, i) =>
    from + i === 2 ? `${from + i},"two\nlines",x` : `${from + i},name ${from + i},${(from + i) % 7}`,
  )
  writeFileSync(path, `id,name,label\n${lines.join('\n')}\n`)
  return path
}

/** An npy file of `rows` rows of 64 float32 values. */
export const writeArray = (path: string, rows: number): string => {
  const values = Float32Array.from({ length: rows * 64 }, (_, i) => (i * 7919) % 1013)
  writeFileSync(path, Buffer.concat([npyHeader('float32', [rows, 64]), Buffer.from(values.buffer)]))
  return path
}

/** A Parquet file with a row group every 2048 rows. */
export const writeParquet = async (path: string, rows: number): Promise<string> => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    `COPY (SELECT i AS id, 'name ' || i AS name FROM range(${rows}) t(i)) TO ${literal(path)} (ROW_GROUP_SIZE 2048)`,
  )
  connection.closeSync()
  instance.closeSync()
  return path
}

/** The bytes with one bit the other way. */
export const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const changed = Uint8Array.from(bytes)
  changed[bit >> 3] ^= 1 << (bit & 7)
  return changed
}
