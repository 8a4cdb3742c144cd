import { createPublicKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { derTags, encodeDer } from './der.ts'
import { oids } from './extensions.ts'

// An authority for tests: certificates as RFC 5280 has them, signed with ECDSA P-256.

const sequence = (...parts: readonly Uint8Array[]): Buffer => encodeDer(derTags.sequence, Buffer.concat(parts))
const oid = (hex: string): Buffer => encodeDer(derTags.oid, Buffer.from(hex, 'hex'))
const ecdsaWithSha256 = '2a8648ce3d040302'
const commonName = '550403'

const nameOf = (text: string): Buffer =>
  sequence(encodeDer(0x31, sequence(oid(commonName), encodeDer(0x0c, Buffer.from(text)))))

const timeOf = (date: Date): Buffer =>
  encodeDer(0x17, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))

export const extension = (id: string, value: Uint8Array, isCritical = false): Buffer =>
  sequence(
    oid(id),
    ...(isCritical ? [encodeDer(derTags.boolean, Uint8Array.of(0xff))] : []),
    encodeDer(derTags.octetString, value),
  )

export const keyUsage = (bits: number): Buffer =>
  extension(oids.keyUsage, encodeDer(derTags.bitString, Uint8Array.of(0, bits)), true)
export const digitalSignature = 0x80
export const certificateSigning = 0x04
export const extendedUsage = (...usages: readonly string[]): Buffer =>
  extension(oids.extendedKeyUsage, sequence(...usages.map(oid)))
/** An authority, with at most so many authorities below it. */
export const authority = (pathLength?: number): Buffer => {
  const limit = pathLength === undefined ? [] : [encodeDer(0x02, Uint8Array.of(pathLength))]
  return extension(oids.basicConstraints, sequence(encodeDer(derTags.boolean, Uint8Array.of(0xff)), ...limit), true)
}
/** Subject alternative names in DER, e.g. e-mail addresses with tag 0x81. */
export const alternativeNames = (...names: readonly Uint8Array[]): Buffer =>
  extension(oids.alternativeNames, sequence(...names), true)

export interface Issued {
  readonly certificate: X509Certificate
  readonly privateKey: KeyObject
}

export interface Request {
  readonly name: string
  readonly extensions: readonly Uint8Array[]
  /** Undefined for one that signs itself. */
  readonly issuer?: { readonly name: string } & Issued
  readonly from?: Date
  readonly to?: Date
  readonly privateKey?: KeyObject
  /** Extensions made from what stands in the certificate before them: a certificate log's timestamp. */
  readonly stamp?: (fields: Uint8Array) => Uint8Array
}

let serial = 1

/** Issues a certificate, with a new key unless one is given. */
export const issue = (request: Request): Issued & { readonly name: string } => {
  const { name, extensions, issuer, stamp } = request
  const { from = new Date('2026-01-01'), to = new Date('2036-01-01') } = request
  const privateKey = request.privateKey ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const number = encodeDer(0x02, Uint8Array.of(serial++ % 128))
  const fieldsWith = (all: readonly Uint8Array[]): Buffer =>
    sequence(
      encodeDer(0xa0, encodeDer(0x02, Uint8Array.of(2))),
      number,
      sequence(oid(ecdsaWithSha256)),
      nameOf(issuer?.name ?? name),
      sequence(timeOf(from), timeOf(to)),
      nameOf(name),
      spki,
      encodeDer(0xa3, sequence(...all)),
    )
  const fields = fieldsWith(stamp === undefined ? extensions : [...extensions, stamp(fieldsWith(extensions))])
  const signature = sign('sha256', fields, issuer?.privateKey ?? privateKey)
  const der = sequence(
    fields,
    sequence(oid(ecdsaWithSha256)),
    encodeDer(derTags.bitString, Buffer.concat([Uint8Array.of(0), signature])),
  )
  return { name, certificate: new X509Certificate(der), privateKey }
}
