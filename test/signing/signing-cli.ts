import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sign } from '../../src/cli/commands/sign.ts'
import { verifySignature } from '../../src/cli/commands/verify-signature.ts'
import { programOf } from '../../src/cli/program.ts'
import { report } from '../../src/cli/terminal/failure.ts'
import type { Ended } from '../support/process.ts'

/** Runs a command line with the two commands of signing, as a user would. */
export const signing = async (...args: readonly string[]): Promise<Ended> => {
  let [stdout, stderr, exitCode] = ['', '', 0]
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  const finished = (code: number): void => {
    exitCode = code
  }
  const program = programOf({ commands: [sign, verifySignature], groups: {}, version: '0', terminal, finished })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    exitCode = report(error, terminal.stderr, false)
  }
  return { exitCode, stdout, stderr }
}

/** Writes a new key pair as NAME.pem and NAME.pub.pem. */
export const newKeyPair = (folder: string, name: string): void => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(join(folder, `${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  writeFileSync(join(folder, `${name}.pub.pem`), publicKey.export({ type: 'spki', format: 'pem' }))
}
