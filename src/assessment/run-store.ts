import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, sha256 } from '../base/canonical-json.ts'
import { writeError } from '../base/system-error.ts'
import { writeTextAtomically } from '../data/index.ts'

/**
 * Where a run keeps what it has finished. The folder's name is the digest of all that its numbers depend on, so that
 * a resumed run can't mix results of different inputs.
 */
export interface RunStore {
  readonly folder: string
  /** A finished piece of the run, if it was kept whole. */
  load<T>(name: string): Promise<T | undefined>
  save(name: string, value: unknown): Promise<void>
  path(name: string): string
}

/**
 * Opens the folder of the run that `inputs` describe. Without `resume` what an earlier run left there is removed.
 * Throws FILE_UNWRITABLE.
 */
export const openRunStore = async (root: string, inputs: unknown, resume: boolean): Promise<RunStore> => {
  const folder = join(root, '.bartizan', 'runs', sha256(canonicalJson(inputs)).slice(0, 16))
  try {
    if (!resume) await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    // Files that a killed run was writing.
    for (const name of await readdir(folder)) if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true })
  } catch (error) {
    throw writeError(
      folder,
      error,
      `check the permissions of ${root} and the space on its disk: a run keeps its work there`,
    )
  }
  const path = (name: string): string => join(folder, name)
  return {
    folder,
    path,
    async load<T>(name: string) {
      const text = await readFile(path(`${name}.json`), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      return intact<T>(text)
    },
    async save(name, value) {
      await writeTextAtomically(path(`${name}.json`), JSON.stringify({ digest: sha256(canonicalJson(value)), value }))
    },
  }
}

/** The value of a record, unless the record was damaged: then that piece of the run is done again. */
const intact = <T>(text: string): T | undefined => {
  try {
    const { digest, value } = JSON.parse(text) as { digest: string; value: T }
    return digest === sha256(canonicalJson(value)) ? value : undefined
  } catch {
    return undefined
  }
}
