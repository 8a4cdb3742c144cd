import type { TableFormat } from './table-relation.ts'

/** Which table format a file name's extension, in lower case, stands for. */
export const tableExtensions: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
  '.pq': 'parquet',
}
