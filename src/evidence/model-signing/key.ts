import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { readIfPresent } from '../durable-file.ts'
import { refuseShared } from '../private-file.ts'

/** Curves of OpenSSF model signing v1.0, each with its hash. */
const curves = {
  prime256v1: { name: 'P-256', hash: 'sha256' },
  secp384r1: { name: 'P-384', hash: 'sha384' },
  secp521r1: { name: 'P-521', hash: 'sha512' },
} as const

type Curve = keyof typeof curves

const curveOf = (key: KeyObject): Curve => {
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (key.asymmetricKeyType === 'ec' && curve !== undefined && Object.hasOwn(curves, curve)) return curve as Curve
  const found = [key.asymmetricKeyType, curve].filter(Boolean).join(' ')
  throw new BartizanError('CONFIG_INVALID', `a model can't be signed with a key of type ${found}`, {
    hint: 'model signing v1.0 knows ECDSA only: openssl ecparam -name prime256v1 -genkey -noout -out key.pem',
    data: { found },
  })
}

/** A public key for model signatures. */
export interface ModelKey {
  /** Lower-case hexadecimal SHA-256 of the key's SubjectPublicKeyInfo as PEM text, by which a signature names it. */
  readonly hint: string
  readonly curve: 'P-256' | 'P-384' | 'P-521'
  readonly publicKey: KeyObject
  /** Whether a DER signature holds, with the curve's hash or another one. */
  readonly verify: (message: Uint8Array, signature: Uint8Array, hash?: 'sha256') => boolean
}

export interface ModelSigner extends ModelKey {
  /** An ECDSA signature in DER: another one every time. */
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** Throws CONFIG_INVALID for anything but ECDSA P-256, P-384 and P-521. */
export const modelKey = (publicKey: KeyObject): ModelKey => {
  const { name, hash } = curves[curveOf(publicKey)]
  return {
    hint: sha256(publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    curve: name,
    publicKey,
    verify: (message, signature, other) => verify(other ?? hash, message, publicKey, signature),
  }
}

/** Throws CONFIG_INVALID for anything but ECDSA P-256, P-384 and P-521. */
export const modelSigner = (privateKey: KeyObject): ModelSigner => {
  const { hash } = curves[curveOf(privateKey)]
  return { ...modelKey(createPublicKey(privateKey)), sign: (message) => sign(hash, message, privateKey) }
}

const read = (path: string): Buffer => {
  const bytes = readIfPresent(path)
  if (bytes !== undefined) return Buffer.from(bytes)
  throw new BartizanError('FILE_NOT_FOUND', `there is no key at ${path}`, { data: { path } })
}

const noKey = (path: string, kind: string, cause: unknown): BartizanError =>
  new BartizanError('CONFIG_INVALID', `${path} holds no ${kind} key in PEM`, { data: { path }, cause })

/**
 * A signer from a private key file (PEM without a passphrase). Throws FILE_NOT_FOUND, FILE_UNREADABLE, and
 * CONFIG_INVALID for another kind of key or one that others can read.
 */
export const readModelSigner = (path: string): ModelSigner => {
  const pem = read(path)
  refuseShared(path, 'the private key', 'sign with a new one and tell those who trust this one')
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw noKey(path, 'private', cause)
  }
  return modelSigner(key)
}

/** A key to verify with, from a public key file (PEM). Throws as `readModelSigner`. */
export const readModelKey = (path: string): ModelKey => {
  const pem = read(path)
  // node:crypto would take the public half of a private key, which has no business with a verifier.
  if (pem.includes('PRIVATE KEY')) throw noKey(path, 'public', undefined)
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch (cause) {
    throw noKey(path, 'public', cause)
  }
  return modelKey(key)
}
