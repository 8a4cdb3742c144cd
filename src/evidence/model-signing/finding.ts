/** Everything that the verification of a model can find, once: what the kind says of the file that the finding names. */
export const modelFindingKinds = {
  'signature-invalid': 'the signature does not hold',
  'receipt-invalid': 'the receipt does not show that this signature was logged',
  'file-changed': 'not what was signed',
  'file-missing': 'signed, but not there',
  'file-added': 'there, but not signed',
  'link-refused': 'a link, where the signature is of plain files',
  'not-a-file': 'neither a file nor a folder, so not signed',
  'ignore-refused': 'the signature leaves this out, which a signature may not',
  'not-signed': 'nothing of this name was signed',
  'nothing-signed': 'the signature covers no file',
} as const

export type ModelFindingKind = keyof typeof modelFindingKinds

export interface ModelFinding {
  readonly kind: ModelFindingKind
  /** Path below the model, or the signature's own path. */
  readonly file: string
  /** What was found there, for the reader. */
  readonly message: string
}

export const modelFinding = (kind: ModelFindingKind, file: string, detail?: string): ModelFinding => ({
  kind,
  file,
  message: detail === undefined ? modelFindingKinds[kind] : `${modelFindingKinds[kind]} (${detail})`,
})
