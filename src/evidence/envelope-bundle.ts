import { sha256 } from '../base/canonical-json.ts'
import { encodeBundleEntry, encodeEntry } from './entry.ts'
import { bundleName, envelopeName } from './paths.ts'

/** A signed envelope in its stored form, a line that ends in a newline. */
export interface StoredEnvelope {
  readonly sha256: string
  readonly bytes: Uint8Array
}

/**
 * Up to this many records of one batch are stored in files of their own, which a person can open, send on and compare
 * with sha256sum; of more than that, a file and two flushes each would take longer than all the rest.
 */
export const mostOwnFiles = 16

// A bundle is read whole, by whoever looks for a line of it too.
const mostEnvelopes = 10_000
const mostBytes = 16 * 2 ** 20

/** Cuts a batch into what goes into one bundle each: at most 10 000 envelopes, and 16 MiB unless a single one is larger. */
export const cutIntoBundles = (envelopes: readonly StoredEnvelope[]): readonly (readonly StoredEnvelope[])[] => {
  const bundles: StoredEnvelope[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const envelope of envelopes) {
    bytes += envelope.bytes.length
    if (bytes > mostBytes || bundles.at(-1)?.length === mostEnvelopes) {
      bundles.push([])
      bytes = envelope.bytes.length
    }
    bundles.at(-1)?.push(envelope)
  }
  return bundles
}

/** The lines of a bundle, each with its newline; the last may lack it where the file was cut. */
export const linesOf = (bytes: Uint8Array): readonly Uint8Array[] => {
  const lines: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, at)
    const end = newline < 0 ? bytes.length : newline + 1
    lines.push(bytes.subarray(at, end))
    at = end
  }
  return lines
}

/** A file of new evidence, and what the log is to hold of it. */
export interface EvidenceFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly envelopes: readonly StoredEnvelope[]
  readonly isBundle: boolean
  /** A bundle's own entry, then those of its envelopes. */
  readonly entries: readonly Uint8Array[]
}

/** The files in which a batch of new envelopes is stored. */
export const filesOf = (batch: readonly StoredEnvelope[]): readonly EvidenceFile[] =>
  batch.length > mostOwnFiles ? cutIntoBundles(batch).map(bundleFile) : batch.map(ownFile)

const ownFile = (envelope: StoredEnvelope): EvidenceFile => ({
  name: envelopeName(envelope.sha256),
  bytes: envelope.bytes,
  envelopes: [envelope],
  isBundle: false,
  entries: [encodeEntry(envelope.sha256)],
})

const bundleFile = (envelopes: readonly StoredEnvelope[]): EvidenceFile => {
  const bytes = Buffer.concat(envelopes.map((envelope) => envelope.bytes))
  const digest = sha256(bytes)
  return {
    name: bundleName(digest),
    bytes,
    envelopes,
    isBundle: true,
    entries: [
      encodeBundleEntry(digest, envelopes.length),
      ...envelopes.map((envelope) => encodeEntry(envelope.sha256)),
    ],
  }
}
