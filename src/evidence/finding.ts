/** Everything that verification can find, once: what the kind says of the file that the finding names. */
export const findingKinds = {
  'key-missing': 'no public key to verify with',
  'key-invalid': 'a public key that was changed or is no key',
  'checkpoint-missing': 'the log has no signed head: it was deleted',
  'checkpoint-invalid': 'the signed head of the log was changed, or no trusted key signed it',
  'entry-missing': 'a bundle of log entries was deleted',
  'entry-changed': 'a log entry was changed',
  'entry-foreign': 'a log entry that does not name an envelope',
  'tile-missing': 'a tile of the Merkle tree was deleted',
  'tile-changed': 'a tile of the Merkle tree was changed',
  'root-mismatch': 'neither entries nor tiles have the root that was signed',
  'log-rolled-back': 'the log is shorter than the earlier checkpoint',
  'log-forked': 'the log is no continuation of the earlier checkpoint',
  'evidence-missing': 'a logged envelope was deleted',
  'evidence-changed': 'a stored envelope was changed',
  'evidence-unlogged': 'an envelope that the log does not hold: the log was rolled back, or the file was planted',
  'evidence-malformed': 'an envelope without an in-toto statement in it',
  'signature-untrusted': 'no trusted key signed the envelope',
  'subject-changed': 'an artefact is no longer what the evidence was measured on',
  'unexpected-file': 'a file that Bartizan did not write',
} as const

export type FindingKind = keyof typeof findingKinds

export interface Finding {
  readonly kind: FindingKind
  /** The file it is about, relative to the project's root, with "/" on every system. */
  readonly file: string
  /** What was found there, for the reader. */
  readonly message: string
}

export const findingMessage = (kind: FindingKind, detail?: string): string =>
  detail === undefined ? findingKinds[kind] : `${findingKinds[kind]} (${detail})`

/** Takes down a finding about one file. */
export type Report = (kind: FindingKind, file: string, detail?: string) => undefined

/** A report into `findings` about files below `prefix`. */
export const reportInto =
  (findings: Finding[], prefix: string): Report =>
  (kind, file, detail) => {
    findings.push({ kind, file: prefix === '' ? file : `${prefix}/${file}`, message: findingMessage(kind, detail) })
    return undefined
  }
