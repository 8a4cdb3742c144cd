import { createPublicKey, sign as cryptoSign, verify as cryptoVerify, type KeyObject } from 'node:crypto'
import { sha256 } from '../base/canonical-json.ts'
import { BartizanError } from '../base/errors.ts'

export type SignatureAlgorithm = 'ed25519' | 'ecdsa-p256-sha256'

/** A public key that signatures are checked with. */
export interface Verifier {
  /** Lower-case hexadecimal SHA-256 of the key's SubjectPublicKeyInfo (DER). */
  readonly keyid: string
  readonly algorithm: SignatureAlgorithm
  readonly publicKey: KeyObject
  readonly verify: (message: Uint8Array, signature: Uint8Array) => boolean
}

export interface Signer extends Verifier {
  /** Ed25519: 64 bytes (RFC 8032), the same for the same message. ECDSA: DER, different every time. */
  readonly sign: (message: Uint8Array) => Uint8Array
}

const algorithmOf = (key: KeyObject): SignatureAlgorithm => {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519'
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1')
    return 'ecdsa-p256-sha256'
  const found = [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve].filter(Boolean).join(' ')
  throw new BartizanError('CONFIG_INVALID', `evidence can't be signed with a key of type ${found}`, {
    hint: 'use Ed25519 or ECDSA P-256: openssl genpkey -algorithm ed25519 -out key.pem',
  })
}

const hashName = { ed25519: null, 'ecdsa-p256-sha256': 'sha256' } as const

/** A verifier from a public key. Throws CONFIG_INVALID for anything but Ed25519 and ECDSA P-256. */
export const createVerifier = (publicKey: KeyObject): Verifier => {
  const algorithm = algorithmOf(publicKey)
  return {
    keyid: sha256(publicKey.export({ type: 'spki', format: 'der' })),
    algorithm,
    publicKey,
    verify: (message, signature) => cryptoVerify(hashName[algorithm], message, publicKey, signature),
  }
}

/** A signer from a private key. Throws CONFIG_INVALID for anything but Ed25519 and ECDSA P-256. */
export const createSigner = (privateKey: KeyObject): Signer => {
  const verifier = createVerifier(createPublicKey(privateKey))
  return { ...verifier, sign: (message) => cryptoSign(hashName[verifier.algorithm], message, privateKey) }
}
