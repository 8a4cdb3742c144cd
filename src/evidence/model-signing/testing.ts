import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, type MockInstance, vi } from 'vitest'
import { preAuthEncoding } from '../dsse.ts'
import { statementPayloadType } from '../statement.ts'
import { bundleBytes, type OwnBundle } from './bundle.ts'
import { type ModelSigner, modelSigner } from './key.ts'

/** A new key for a test. */
export const newSigner = (namedCurve: 'P-256' | 'P-384' | 'P-521' = 'P-256'): ModelSigner =>
  modelSigner(generateKeyPairSync('ec', { namedCurve }).privateKey)

/** Writes files below a folder, by path, and gives the folder back. */
export const writeModel = (folder: string, files: Readonly<Record<string, string | Uint8Array>>): string => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** A signature of whatever statement, as a signer with other habits, or other intentions, could make it. */
export const signStatement = (statement: object, signer: ModelSigner, change: Partial<OwnBundle> = {}): Uint8Array => {
  const payload = Buffer.from(JSON.stringify(statement))
  const signature = signer.sign(preAuthEncoding(statementPayloadType, payload))
  const material = { kind: 'key', hint: signer.hint } as const
  return bundleBytes({ material, payloadType: statementPayloadType, payload, signature, ...change })
}

/** For the top of a test file: none of its tests may open a connection, or ask for a page. */
export const offline = (): void => {
  let tries: readonly MockInstance[] = []
  const refuse = () => {
    throw new Error('there is no network')
  }
  beforeEach(() => {
    tries = [
      vi.spyOn(Socket.prototype, 'connect').mockImplementation(refuse),
      vi.spyOn(globalThis, 'fetch').mockImplementation(refuse),
    ]
  })
  afterEach(() => {
    const calls = tries.flatMap(({ mock }) => mock.calls)
    for (const spy of tries) spy.mockRestore()
    expect(calls).toEqual([])
  })
}
