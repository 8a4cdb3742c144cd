import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { scratchFolders } from '../base/testing.ts'
import { openProjectKey, readSigner, readVerifier, trustedKeyFiles } from './keys.ts'

const withCode = (code: string) => expect.objectContaining({ code })

const newRoot = scratchFolders()
let root: string
let privatePath: string
let publicPath: string
beforeEach(() => {
  root = newRoot()
  privatePath = join(root, '.bartizan/keys/signing.pem')
  publicPath = join(root, '.bartizan/keys/signing.pub.pem')
})

describe('openProjectKey', () => {
  it('creates a key once and never overwrites it', () => {
    const first = openProjectKey(root)
    const pem = readFileSync(privatePath, 'utf8')
    expect(first.algorithm).toBe('ed25519')
    expect(openProjectKey(root).keyid).toBe(first.keyid)
    expect(readFileSync(privatePath, 'utf8')).toBe(pem)
    expect(readVerifier(publicPath).keyid).toBe(first.keyid)
    expect(trustedKeyFiles(root)).toEqual([publicPath])
  })
  it.skipIf(process.platform === 'win32')('is readable by its owner only, and refused once others can read it', () => {
    openProjectKey(root)
    expect(statSync(privatePath).mode & 0o777).toBe(0o600)
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(privatePath, mode)
      expect(() => openProjectKey(root)).toThrow(withCode('CONFIG_INVALID'))
    }
  })
  it('is kept out of the repository', () => {
    openProjectKey(root)
    expect(readFileSync(join(root, '.bartizan/keys/.gitignore'), 'utf8').split('\n')).toContain('*')
  })
  it('writes a lost public half again, but makes no second key where the private half is gone', () => {
    const { keyid } = openProjectKey(root)
    rmSync(publicPath)
    expect(openProjectKey(root).keyid).toBe(keyid)
    expect(readVerifier(publicPath).keyid).toBe(keyid)
    rmSync(privatePath)
    expect(() => openProjectKey(root)).toThrow(withCode('EVIDENCE_INVALID'))
  })
  it('refuses halves that do not belong together', () => {
    openProjectKey(root)
    const other = newRoot()
    openProjectKey(other)
    copyFileSync(join(other, '.bartizan/keys/signing.pub.pem'), publicPath)
    expect(() => openProjectKey(root)).toThrow(withCode('EVIDENCE_INVALID'))
  })
})

describe('key files', () => {
  it('of ECDSA P-256 are read too', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const path = join(root, 'key.pem')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    writeFileSync(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }))
    const signer = readSigner(path)
    const message = Buffer.from('message')
    expect(signer.algorithm).toBe('ecdsa-p256-sha256')
    expect(readVerifier(`${path}.pub`).verify(message, signer.sign(message))).toBe(true)
  })
  it('with line ends of Windows are the same key', () => {
    const { keyid } = openProjectKey(root)
    writeFileSync(publicPath, readFileSync(publicPath, 'utf8').replaceAll('\n', '\r\n'))
    expect(readVerifier(publicPath).keyid).toBe(keyid)
  })
  it('with any changed bit are refused or another key', () => {
    const { keyid } = openProjectKey(root)
    const pem = readFileSync(publicPath)
    for (let bit = 0; bit < pem.length * 8; bit++) {
      const changed = Uint8Array.from(pem)
      changed[bit >> 3] ^= 1 << (bit & 7)
      writeFileSync(publicPath, changed)
      let found: string | undefined
      try {
        found = readVerifier(publicPath).keyid
      } catch (error) {
        expect(error, `bit ${bit}`).toMatchObject({ code: 'CONFIG_INVALID' })
      }
      expect(found, `bit ${bit}`).not.toBe(keyid)
    }
  })
  it('that are missing or no keys are named', () => {
    const path = join(root, 'none.pem')
    expect(() => readSigner(path)).toThrow(withCode('FILE_NOT_FOUND'))
    expect(() => readVerifier(path)).toThrow(withCode('FILE_NOT_FOUND'))
    writeFileSync(path, 'no key', { mode: 0o600 })
    expect(() => readSigner(path)).toThrow(withCode('CONFIG_INVALID'))
    expect(() => readVerifier(path)).toThrow(withCode('CONFIG_INVALID'))
  })
})
