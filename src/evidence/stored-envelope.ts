import { join } from 'node:path'
import { readIfPresent } from './durable-file.ts'
import { linesOf } from './envelope-bundle.ts'
import type { LogIndex } from './log-index.ts'
import { bundleName, type EvidencePaths, envelopeName } from './paths.ts'

/** A file that the log holds: published, or left pending by a process killed after it was logged. */
export const readLogged = ({ evidence, pending }: EvidencePaths, name: string): Uint8Array | undefined =>
  // Looked up twice in its final place: a writer may publish it between the first two looks.
  readIfPresent(join(evidence, name)) ?? readIfPresent(join(pending, name)) ?? readIfPresent(join(evidence, name))

export interface FoundEnvelope {
  /** File of the envelope, or of the bundle that it is in. */
  readonly name: string
  /** Line of the bundle, from 1; undefined for a file of its own. */
  readonly line: number | undefined
  /** Position in the log. */
  readonly index: number
  /** What stands there, which may have been changed; empty for a line that is gone. */
  readonly bytes: Uint8Array
}

/**
 * Finds logged envelopes by their SHA-256: in the bundle that the log names, else in a file of their own. The bundle
 * read last is kept for the next call. Undefined where the log does not hold the envelope, or its file is gone.
 */
export const createEnvelopeFinder = (
  paths: EvidencePaths,
  log: LogIndex,
): ((sha256: string) => FoundEnvelope | undefined) => {
  let open: { readonly name: string; readonly lines: readonly Uint8Array[] | undefined } | undefined
  const linesIn = (name: string): readonly Uint8Array[] | undefined => {
    if (open?.name !== name) {
      const bytes = readLogged(paths, name)
      open = { name, lines: bytes && linesOf(bytes) }
    }
    return open.lines
  }
  return (sha256) => {
    const index = log.positionOf(sha256)
    if (index === undefined) return undefined
    const bundle = log.bundleAt(index)
    if (bundle !== undefined) {
      const name = bundleName(bundle.sha256)
      const lines = linesIn(name)
      const at = index - bundle.first
      if (lines !== undefined) return { name, line: at + 1, index, bytes: lines[at] ?? new Uint8Array() }
    }
    const name = envelopeName(sha256)
    const bytes = readLogged(paths, name)
    return bytes && { name, line: undefined, index, bytes }
  }
}
