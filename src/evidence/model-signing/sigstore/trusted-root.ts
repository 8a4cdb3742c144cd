import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { BartizanError } from '../../../base/errors.ts'
import { readIfPresent } from '../../durable-file.ts'
import { parseJson } from '../../json.ts'
import { base64Bytes } from '../base64-schema.ts'

// Sigstore's trusted root (protobuf-specs, sigstore_trustroot.proto): whom a verifier trusts, in one file.

interface Period {
  readonly start: Date
  /** Undefined where it goes on. */
  readonly end: Date | undefined
}

export interface LogKey extends Period {
  /** By which entries and timestamps name the log. */
  readonly id: Buffer
  readonly key: KeyObject
}

export interface Authority extends Period {
  /** From the one that issues up to the root. */
  readonly chain: readonly X509Certificate[]
}

export interface TrustedRoot {
  readonly authorities: readonly Authority[]
  /** Rekor: the logs of signatures. */
  readonly logs: readonly LogKey[]
  /** The logs of certificates (RFC 6962). */
  readonly certificateLogs: readonly LogKey[]
}

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const period = z.looseObject({ start: time, end: time.optional() })
const logSchema = z.looseObject({
  publicKey: z.looseObject({ rawBytes: base64Bytes, validFor: period.optional() }),
  logId: z.looseObject({ keyId: base64Bytes }),
})
const rootSchema = z.looseObject({
  tlogs: z.array(logSchema),
  certificateAuthorities: z.array(
    z.looseObject({
      certChain: z.looseObject({ certificates: z.array(z.looseObject({ rawBytes: base64Bytes })).min(1) }),
      validFor: period.optional(),
    }),
  ),
  ctlogs: z.array(logSchema),
})
/** Some tools keep it inside a file with more. */
const fileSchema = z.union([
  rootSchema,
  z.looseObject({ trustedRoot: rootSchema }).transform((file) => file.trustedRoot),
])

const always: Period = { start: new Date(0), end: undefined }

const spanOf = (validFor: z.infer<typeof period> | undefined): Period =>
  validFor === undefined ? always : { start: validFor.start, end: validFor.end }

const logOf = ({ publicKey, logId }: z.infer<typeof logSchema>): readonly LogKey[] => {
  const key = keyFrom(publicKey.rawBytes)
  return key === undefined ? [] : [{ id: logId.keyId, key, ...spanOf(publicKey.validFor) }]
}

/** Undefined for a key in another form: such a log can't be relied on, which matters only where a signature names it. */
const keyFrom = (der: Buffer): KeyObject | undefined => {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

export const covers = ({ start, end }: Period, at: Date): boolean => start <= at && (end === undefined || at <= end)

/** Reads a trusted_root.json. Throws FILE_NOT_FOUND, FILE_UNREADABLE and CONFIG_INVALID. */
export const readTrustedRoot = (path: string): TrustedRoot => {
  const bytes = readIfPresent(path)
  if (bytes === undefined) throw new BartizanError('FILE_NOT_FOUND', `there is no trusted root at ${path}`)
  try {
    const { tlogs, certificateAuthorities, ctlogs } = parseJson(bytes, fileSchema, 'the trusted root')
    return {
      authorities: certificateAuthorities.map(({ certChain, validFor }) => ({
        chain: certChain.certificates.map(({ rawBytes }) => new X509Certificate(rawBytes)),
        ...spanOf(validFor),
      })),
      logs: tlogs.flatMap(logOf),
      certificateLogs: ctlogs.flatMap(logOf),
    }
  } catch (cause) {
    throw new BartizanError('CONFIG_INVALID', `${path} is no trusted root of Sigstore`, {
      hint: 'cosign and gh write one: gh attestation trusted-root, cosign trusted-root create',
      data: { path },
      cause,
    })
  }
}
