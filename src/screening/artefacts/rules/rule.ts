import type { Severity } from '../../../contract/index.ts'

export interface Rule {
  readonly severity: Severity
  readonly title: string
  /** What it means for whoever loads the file. */
  readonly meaning: string
  /** What to do. */
  readonly hint: string
}

/** Advice that many rules share. */
export const dontLoad = 'do not load the file; ask its author for safetensors or ONNX, and find out how it got here'
export const rebuild = 'ask for a file written by the usual tools; do not unpack or load this one'
export const resave = 'write the file again with the library that made it, and compare the digests'
