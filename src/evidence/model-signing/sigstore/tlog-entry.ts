import { z } from 'zod'
import { base64Bytes } from '../base64-schema.ts'

/** A 64-bit number of protobuf: text in JSON, a number too in what some wrote. */
const int64 = z
  .union([z.string().regex(/^(0|[1-9]\d{0,15})$/), z.int().nonnegative()])
  .transform(Number)
  .refine(Number.isSafeInteger)

/** An entry of the Rekor log, as a Sigstore bundle carries it (protobuf-specs, sigstore_rekor.proto). */
export const tlogEntrySchema = z.strictObject({
  /** Position over all of the log's trees. */
  logIndex: int64,
  logId: z.strictObject({ keyId: base64Bytes }),
  kindVersion: z.strictObject({ kind: z.string(), version: z.string() }),
  /** Seconds since 1970 at which the log took it, signed by the promise only. */
  integratedTime: int64.optional(),
  inclusionPromise: z.strictObject({ signedEntryTimestamp: base64Bytes }).nullish(),
  inclusionProof: z
    .strictObject({
      /** Position in the tree that the proof is about. */
      logIndex: int64,
      rootHash: base64Bytes,
      treeSize: int64,
      hashes: z.array(base64Bytes).max(64),
      checkpoint: z.strictObject({ envelope: z.string().max(65_536) }),
    })
    .nullish(),
  canonicalizedBody: base64Bytes,
})

export type TlogEntry = z.infer<typeof tlogEntrySchema>
