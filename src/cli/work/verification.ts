import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { statInput } from '../../data/files.ts'
import { readVerifier, type Verification, verifyEvidence } from '../../evidence/index.ts'

export interface VerifyFlags {
  readonly key: readonly string[]
  readonly checkpoint?: string
}

/** Verifies the evidence of the project in `folder`, and the files named in it, which lie beside it. */
export const verifyProject = async (folder: string, { key, checkpoint }: VerifyFlags): Promise<Verification> => {
  await statInput(folder)
  if (checkpoint !== undefined) await statInput(checkpoint)
  return verifyEvidence(folder, {
    ...(key.length > 0 && { trusted: key.map((file) => readVerifier(file)) }),
    ...(checkpoint !== undefined && { earlier: await readFile(checkpoint) }),
    subjectPath: ({ name }) => plainFile(folder, name),
  })
}

/** What lies elsewhere, and folders of images, can't be compared here. */
const plainFile = (folder: string, name: string): string | undefined => {
  if (isAbsolute(name)) return undefined
  const path = resolve(folder, name)
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined
}
