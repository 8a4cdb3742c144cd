import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { sha256Schema } from './subject.ts'

const hashTypeSchema = z.enum(['sha256', 'blake2b'])
const methodSchema = z.enum(['files', 'shards'])
const count = z.int().nonnegative()
const amountSchema = z.strictObject({ files: count, bytes: count })

/** Result of `bartizan sign`. */
export const modelSignatureSchema = z.strictObject({
  model: z.string().describe('path of the model, as given'),
  signature: z.string().describe('file of the signature'),
  name: z.string().describe('name of the model in the signature'),
  root: sha256Schema.describe('SHA-256 over the digests of all parts: stands for the whole model'),
  method: methodSchema,
  hash: hashTypeSchema,
  shardSize: count.nullable().describe('bytes; null where whole files were hashed'),
  files: count.describe('files that were signed'),
  resources: count.describe('files, or shards of files'),
  ignored: z.array(z.string()).describe('paths below the model that were left out'),
  signer: z.strictObject({
    kind: z.enum(['key', 'certificate']),
    hint: sha256Schema.describe('SHA-256 of the public key as PEM text'),
    curve: z.string(),
  }),
  states: z
    .strictObject({ file: z.string(), files: count.describe('files whose digest --changed-from can take over') })
    .nullable()
    .describe('record of how the files were when they were hashed, signed too'),
  changedFrom: z
    .strictObject({
      signature: z.string().describe('the earlier signature, which was verified'),
      takenOver: amountSchema.describe('shown to be unchanged by size, times, inode and device'),
      onWord: amountSchema.describe('not looked at: --rehash says that they are unchanged'),
      hashed: amountSchema,
      because: z
        .strictObject({
          added: count.describe('were not signed'),
          changed: count.describe('another size or modification time'),
          touched: count.describe('same size and modification time, but another change time, inode or device'),
          unproven: count.describe('no state was kept: changed just before they were hashed, or taken over on word'),
          asked: count.describe('named by --rehash'),
        })
        .describe('why files were hashed'),
      removed: count.describe('files that were signed and are gone'),
      problem: z.string().nullable().describe('why nothing could be taken over'),
    })
    .nullable(),
  receipt: z
    .strictObject({ file: z.string(), index: count, record: sha256Schema.describe('SHA-256 of the logged envelope') })
    .nullable(),
})

export type ModelSignature = DeepReadonly<z.infer<typeof modelSignatureSchema>>

const signerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), hint: sha256Schema, curve: z.string(), isNamed: z.boolean() }),
  z.strictObject({
    kind: z.literal('certificate'),
    subject: z.string(),
    fingerprint: z.string(),
    authority: z.string(),
    validTo: z.iso.datetime(),
  }),
  z.strictObject({
    kind: z.literal('sigstore'),
    identity: z.strictObject({ subject: z.string(), issuer: z.string() }),
    signedAt: z.iso.datetime(),
    logIndex: count,
  }),
])

/** Result of `bartizan verify-signature`. */
export const signatureVerificationSchema = z.strictObject({
  verdict: z.enum(['passed', 'failed']),
  model: z.string().describe('path of the model, as given'),
  signature: z.string(),
  name: z.string().nullable().describe('name of the model in the signature; null where the signature does not hold'),
  root: sha256Schema.nullable(),
  signer: signerSchema.nullable(),
  scope: z
    .enum(['model', 'part'])
    .describe('part: the verdict is about what `only` names, and says nothing of the rest'),
  only: z.array(z.string()).describe('paths that were compared; none mean all'),
  resources: z.strictObject({
    signed: count,
    compared: count,
    skipped: count.describe('signed parts and empty files that were not looked at'),
  }),
  ignored: z.array(
    z.strictObject({
      path: z.string(),
      by: z.enum(['signature', 'verifier']),
      files: count.describe('files there, none of which was checked'),
    }),
  ),
  unsignedEmpty: z.array(z.string()).describe('empty files of which a signature by shards says nothing'),
  findings: z.array(z.strictObject({ kind: z.string(), file: z.string(), message: z.string() })),
  receipt: z
    .strictObject({
      origin: z.string().describe('which log'),
      index: count,
      size: count.describe('entries of the log when the receipt was made'),
      root: sha256Schema,
      cosignatures: z.array(z.strictObject({ name: z.string(), seconds: count })),
    })
    .nullable(),
})

export type SignatureVerification = DeepReadonly<z.infer<typeof signatureVerificationSchema>>
