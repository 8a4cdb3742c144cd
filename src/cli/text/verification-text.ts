import { wrapText } from '../../assessment/report/table.ts'
import type { Verification } from '../../evidence/index.ts'
import { counted } from './fields.ts'

const sentences = {
  passed: 'PASSED: every record is signed, logged and unchanged.',
  failed: 'FAILED: the evidence is not what was recorded.',
  inconclusive: 'INCONCLUSIVE: no evidence is recorded here, so nothing was verified.',
} as const

/** What `bartizan verify` prints. */
export const verificationText = (verification: Verification, width: number): string => {
  const { verdict, findings, records, subjects, log } = verification
  const changed = findings.filter(({ kind }) => kind === 'subject-changed').length
  const absent = subjects.absent === 0 ? '' : `; ${subjects.absent} not here, so not compared`
  const replaced =
    subjects.superseded === 0 ? '' : `; ${counted(subjects.superseded, 'earlier version')} replaced by a later record`
  return [
    ...findings.map(({ kind, file, message }) => wrapText(`${kind}: ${file}: ${message}`, width, '  ')),
    ...(findings.length === 0 ? [] : ['']),
    `${counted(records, 'record')} verified, ${counted(subjects.checked - changed, 'artefact')} unchanged${absent}${replaced}`,
    ...(log === undefined
      ? []
      : [`log ${log.origin}: ${counted(log.size, 'entry').replace(/entrys$/, 'entries')}, root ${log.root}`]),
    sentences[verdict],
  ].join('\n')
}
