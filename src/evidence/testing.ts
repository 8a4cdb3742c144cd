import { readSync, writeSync } from 'node:fs'
import { sha256 } from '../base/canonical-json.ts'
import type { Verifier } from './signer.ts'
import { createStatement, type Statement } from './statement.ts'
import { verifyEvidence } from './verify.ts'

/** A statement about something, one for each number. */
export const claim = (i: number): Statement =>
  createStatement({
    subject: [{ name: `row group ${i}`, digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: 'https://example.com/p',
    predicate: { i },
  })

export const claims = (count: number, from = 0): readonly Statement[] =>
  Array.from({ length: count }, (_, i) => claim(from + i))

/** What is found in a project's evidence, a line each. */
export const findingsIn = async (root: string): Promise<readonly string[]> =>
  (await verifyEvidence(root)).findings.map(({ kind, file, message }) => `${kind} ${file}: ${message}`)

/** A verifier that checks each pair of message and signature once: what came of it is the same every time. */
export const remembering = (verifier: Verifier): Verifier => {
  const known = new Map<string, boolean>()
  return {
    ...verifier,
    verify: (message, signature) => {
      const pair = `${sha256(message)} ${Buffer.from(signature).toString('hex')}`
      const holds = known.get(pair) ?? verifier.verify(message, signature)
      known.set(pair, holds)
      return holds
    },
  }
}

/**
 * Flips one bit of an open file in place; twice, and it is as it was. To write the file anew for every bit would cut it to
 * nothing first, which on some file systems waits for the disk.
 */
export const flipBit = (file: number, bit: number): void => {
  const byte = Buffer.alloc(1)
  readSync(file, byte, 0, 1, bit >> 3)
  byte[0] ^= 1 << (bit & 7)
  writeSync(file, byte, 0, 1, bit >> 3)
}
