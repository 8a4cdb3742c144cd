import { wrapText } from '../../assessment/report/table.ts'
import type { LoggedRecord, ProofResult, RecordResult } from '../../contract/data-record.ts'
import { counted, fields } from './fields.ts'

const chunkNoun: Readonly<Record<string, string>> = {
  bytes: 'chunk',
  rows: 'chunk',
  'row-groups': 'chunk',
  files: 'file',
}

/** One line on the record of what a command wrote. */
export const recordedText = ({ index, path }: LoggedRecord): string => `recorded as entry ${index} of the log: ${path}`

/** What `bartizan data record` prints. */
export const recordText = ({ record, log, data, warnings }: RecordResult, width: number): string =>
  [
    ...data.map(({ name, sha256, root, bytes, bytesRead, chunks, by, rows, manifest, keptChunks, note }) =>
      fields(
        [
          ['data', name],
          ['SHA-256', sha256 ?? 'not taken, since the file was not read from the start'],
          ['root', `${root} (RFC 6962)`],
          [
            'size',
            `${counted(bytes, 'byte')} in ${counted(chunks, chunkNoun[by] ?? 'chunk')}` +
              (rows === undefined ? '' : `, ${counted(rows, 'row')}`),
          ],
          ['manifest', manifest],
          [
            'grown',
            keptChunks === undefined
              ? undefined
              : `${counted(keptChunks, 'chunk')} of the earlier manifest kept and proved to be its beginning; ${counted(bytesRead, 'byte')} read`,
          ],
          ['note', note],
        ],
        width,
      ),
    ),
    ...warnings.map((warning) => wrapText(`warning: ${warning}`, width, '  ')),
    `signed and logged as entry ${record.index} of ${log.size}: ${record.path}`,
  ].join('\n')

const questions: Readonly<Record<ProofResult['asked'], string>> = {
  row: 'in the data',
  absent: 'not in the data',
  withhold: 'the rows that are shown are the data’s',
  unchanged: 'unchanged',
  verify: 'the proof holds',
  prefix: 'the same beginning',
}

/** What `bartizan data prove` prints. */
export const proofText = ({ file, root, verdict, asked, proofs, changes }: ProofResult, width: number): string =>
  [
    ...proofs.map(({ about, holds, file: written }) =>
      wrapText(
        `${holds ? 'PROVED' : 'NOT SO'}: ${about}${holds ? ` (${questions[asked]})` : ''}${written === undefined ? '' : `; proof in ${written}`}`,
        width,
        '  ',
      ),
    ),
    ...changes.map(({ kind, where }) => wrapText(`${kind}: ${where}`, width, '  ')),
    `${file} against root ${root}: ${verdict}`,
  ].join('\n')
