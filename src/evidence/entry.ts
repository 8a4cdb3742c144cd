import { z } from 'zod'
import { canonicalJson } from '../base/canonical-json.ts'
import { sha256Schema } from '../contract/index.ts'
import { parseJson } from './json.ts'
import { envelopeName } from './paths.ts'

// A log entry is an in-toto resource descriptor of the envelope, in canonical JSON: its name and digest, not its content.

const descriptorSchema = z.looseObject({ name: z.string(), digest: z.looseObject({ sha256: sha256Schema }) })

export const encodeEntry = (sha256: string): Uint8Array =>
  new TextEncoder().encode(canonicalJson({ name: envelopeName(sha256), digest: { sha256 } }))

/** SHA-256 of the envelope that an entry stands for. Throws EVIDENCE_INVALID. */
export const digestOfEntry = (entry: Uint8Array): string =>
  parseJson(entry, descriptorSchema, 'the log entry').digest.sha256
