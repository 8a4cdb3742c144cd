import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { statInput } from '../../data/files.ts'
import { recordedDigests } from '../../evidence/datasets/index.ts'
import { readVerifier, type Verification, verifyEvidence } from '../../evidence/index.ts'

export interface VerifyFlags {
  readonly key: readonly string[]
  readonly checkpoint?: string
}

/** Verifies the evidence of the project in `folder`, and the files and folders named in it, which lie beside it. */
export const verifyProject = async (folder: string, { key, checkpoint }: VerifyFlags): Promise<Verification> => {
  await statInput(folder)
  if (checkpoint !== undefined) await statInput(checkpoint)
  return verifyEvidence(folder, {
    ...(key.length > 0 && { trusted: key.map((file) => readVerifier(file)) }),
    ...(checkpoint !== undefined && { earlier: await readFile(checkpoint) }),
    digestsOf: ({ name }) => digestsBeside(folder, name),
  })
}

/** An absolute name is of another machine: what lies there now is not what was recorded. */
async function* digestsBeside(folder: string, name: string): AsyncGenerator<string> {
  if (!isAbsolute(name)) yield* recordedDigests(resolve(folder, name))
}
