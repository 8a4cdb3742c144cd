import { BartizanError } from '../../base/errors.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { GateReason, Objection } from './gate-policy.ts'

/** The refused file, as the hint's commands name it, and its digest where it was taken. */
export interface Refused {
  readonly file: string
  readonly sha256?: string
  /** Schema that must have been used, where one must. */
  readonly schemaFile?: string
  /** SHA-256 of the envelope that the objection is to. */
  readonly evidence?: string
}

/** The command that mends it. */
const hintFor = (reason: GateReason, { file, schemaFile }: Refused): string => {
  const validate = `bartizan data validate ${shellWord(file)} --schema ${schemaFile === undefined ? 'SCHEMA' : shellWord(schemaFile)}`
  switch (reason) {
    case 'unsupported':
      return 'tables, arrays and folders of images can be validated: write the rows as one of these, or train without the gate'
    case 'failed':
    case 'inconclusive':
      return `${validate} shows what is at fault; with --passed FILE it writes the rows that pass, which are then validated with --attest`
    case 'warned':
      return `${validate} shows the warnings; mend the rows and add --attest, or let warnings through`
    case 'untrusted':
      return `validate it here: ${validate} --attest; or add the public key of whoever signed it to the trusted ones`
    case 'unsound':
      return `${validate} --attest records a new result; bartizan verify shows what is wrong with the old one`
    default:
      return `${validate} --attest records a result`
  }
}

/** The error of the training gate: EVIDENCE_INVALID, with the reason in words and as `data.reason`. */
export const gateRefusal = ({ reason, words }: Objection, refused: Refused): BartizanError => {
  const { file, sha256, evidence } = refused
  return new BartizanError('EVIDENCE_INVALID', `${file} may not be trained on: ${words}`, {
    hint: hintFor(reason, refused),
    data: { path: file, reason, sha256, evidence },
  })
}
