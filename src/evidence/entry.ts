import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { BartizanError, isBartizanError } from '../base/errors.ts'
import { sha256Schema } from '../contract/index.ts'
import { parseJson } from './json.ts'
import { bundleName, digestInBundleName, envelopeName } from './paths.ts'

// A log entry is an in-toto resource descriptor in canonical JSON: the name and digest of an envelope, not its content.
// An entry that names a bundle comes before those of the envelopes in it, one a line, and says how many they are: an
// in-toto bundle is not authenticated as a whole, so the log does it. Where an envelope is stored does not change its
// entry, so that a receipt needs the envelope only.

const descriptorSchema = z.looseObject({
  name: z.string(),
  digest: z.looseObject({ sha256: sha256Schema }),
  annotations: z.looseObject({ envelopes: z.int().min(1).optional() }).optional(),
})

/** The entry of one envelope. */
export const encodeEntry = (sha256: string): Uint8Array =>
  Buffer.from(`{"digest":{"sha256":"${sha256}"},"name":"${envelopeName(sha256)}"}`)

/** The entry of a bundle; those of its envelopes follow. */
export const encodeBundleEntry = (sha256: string, envelopes: number): Uint8Array =>
  Buffer.from(canonicalJson({ name: bundleName(sha256), digest: { sha256 }, annotations: { envelopes } }))

export interface Entry {
  /** Of the envelope or the bundle. */
  readonly sha256: string
  /** How many of the next entries are lines of the bundle; undefined where the entry stands for one envelope. */
  readonly envelopes: number | undefined
}

const usual = /^\{"digest":\{"sha256":"([0-9a-f]{64})"\},"name":"\1\.dsse\.json"\}$/

/** What a log entry stands for. Throws EVIDENCE_INVALID. */
export const readEntry = (entry: Uint8Array): Entry => {
  // A log of a million entries is read in a second this way, in ten if each is parsed and validated.
  const [, digest] = usual.exec(Buffer.from(entry.buffer, entry.byteOffset, entry.length).toString('latin1')) ?? []
  if (digest !== undefined) return { sha256: digest, envelopes: undefined }
  const { name, digest: digests, annotations } = parseJson(entry, descriptorSchema, 'the log entry')
  const bundle = digestInBundleName(name)
  if (bundle === undefined) return { sha256: digests.sha256, envelopes: undefined }
  if (bundle === digests.sha256 && annotations?.envelopes !== undefined)
    return { sha256: bundle, envelopes: annotations.envelopes }
  throw new BartizanError('EVIDENCE_INVALID', `the log entry for ${name} does not say how many envelopes it holds`)
}

/** As `readEntry`, undefined for an entry of something else. */
export const tryEntry = (entry: Uint8Array): Entry | undefined => {
  try {
    return readEntry(entry)
  } catch (error) {
    if (!isBartizanError(error, 'EVIDENCE_INVALID')) throw error
    return undefined
  }
}
