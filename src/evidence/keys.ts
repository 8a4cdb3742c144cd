import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { linkSync } from 'node:fs'
import { join } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { filesBelow, makeFolder, readIfPresent, removeFile, unwritable, writeDurably } from './durable-file.ts'
import { evidencePaths } from './paths.ts'
import { refuseShared } from './private-file.ts'
import { createSigner, createVerifier, type Signer, type Verifier } from './signer.ts'

const privateName = 'signing.pem'
const publicName = 'signing.pub.pem'
const publicSuffix = '.pub.pem'

const publicPem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

const missing = (path: string): BartizanError =>
  new BartizanError('FILE_NOT_FOUND', `there is no key at ${path}`, { data: { path } })

/**
 * A signer from a private key file (PEM, PKCS #8; Ed25519 or ECDSA P-256). Throws FILE_NOT_FOUND, FILE_UNREADABLE, or
 * CONFIG_INVALID for another kind of key and for one that others can read.
 */
export const readSigner = (path: string): Signer => {
  const pem = readIfPresent(path)
  if (pem === undefined) throw missing(path)
  refuseShared(path, 'the private key', 'move it away and let Bartizan make a new one')
  let key: KeyObject
  try {
    key = createPrivateKey(Buffer.from(pem))
  } catch (cause) {
    throw new BartizanError('CONFIG_INVALID', `${path} holds no private key in PEM without a passphrase`, {
      data: { path },
      cause,
    })
  }
  return createSigner(key)
}

/**
 * A verifier from a public key file (PEM). Its text must be the one that the key is written as: a changed bit that a
 * decoder would forgive is refused. Throws FILE_NOT_FOUND, FILE_UNREADABLE, CONFIG_INVALID.
 */
export const readVerifier = (path: string): Verifier => {
  const bytes = readIfPresent(path)
  if (bytes === undefined) throw missing(path)
  const pem = Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n')
  try {
    const key = createPublicKey(pem)
    if (publicPem(key) === pem) return createVerifier(key)
  } catch (cause) {
    throw new BartizanError('CONFIG_INVALID', `${path} holds no public key that can be used`, { data: { path }, cause })
  }
  throw new BartizanError('CONFIG_INVALID', `${path} is not a public key as it is written in PEM`, { data: { path } })
}

/** Puts a new private key in its place, unless another process was first: a key is never overwritten. */
const createPrivate = (folder: string): void => {
  const draft = join(folder, `${privateName}.${process.pid}`)
  const { privateKey } = generateKeyPairSync('ed25519')
  writeDurably(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), { mode: 0o600 })
  try {
    linkSync(draft, join(folder, privateName))
  } catch (cause) {
    if (readIfPresent(join(folder, privateName)) === undefined) throw unwritable(join(folder, privateName), cause)
  } finally {
    removeFile(draft)
  }
}

/**
 * The project's own Ed25519 key, `.bartizan/keys/signing.pem` (readable by its owner only) with its public half beside
 * it, created on first use; a .gitignore keeps the private key out of the repository. It signs the log, and the
 * evidence unless another key is given. Throws EVIDENCE_INVALID where the two halves don't belong together.
 */
export const openProjectKey = (root: string): Signer => {
  const folder = evidencePaths(root).keys
  const path = join(folder, privateName)
  const publicPath = join(folder, publicName)
  if (readIfPresent(path) === undefined) {
    if (readIfPresent(publicPath) !== undefined)
      throw new BartizanError('EVIDENCE_INVALID', `${path} is gone, but its public half is still there`, {
        hint: 'restore it; or keep the old .bartizan folder as it is for verification, and start a new one',
        data: { path },
      })
    makeFolder(folder, 0o700)
    writeDurably(join(folder, '.gitignore'), '*\n!.gitignore\n!*.pub.pem\n')
    createPrivate(folder)
  }
  const signer = readSigner(path)
  if (readIfPresent(publicPath) === undefined) writeDurably(publicPath, publicPem(signer.publicKey))
  if (readVerifier(publicPath).keyid !== signer.keyid)
    throw new BartizanError('EVIDENCE_INVALID', `${publicPath} is not the public half of ${path}`, {
      hint: 'restore the pair that signed the existing evidence',
      data: { path, publicPath },
    })
  return signer
}

/** Files of the public keys that a project trusts: every `*.pub.pem` in its `.bartizan/keys/`. */
export const trustedKeyFiles = (root: string): readonly string[] => {
  const { keys } = evidencePaths(root)
  return filesBelow(keys)
    .filter((name) => name.endsWith(publicSuffix))
    .map((name) => join(keys, name))
}
