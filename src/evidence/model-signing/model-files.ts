import { lstat, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { listFolder, readError, statInput } from '../../data/files.ts'
import { coveredBy } from './ignored-paths.ts'

export interface ModelFile {
  /** Path below the model with "/" on every system; "." where the model is a single file. */
  readonly path: string
  /** Where it is on this machine. */
  readonly file: string
  readonly bytes: number
  readonly isLink: boolean
}

/** Something in the folder that is never signed: neither a file, nor a folder, nor a link to a file. */
export interface OddFile {
  readonly path: string
  /** Links to folders could lead anywhere, or in a circle. */
  readonly kind: 'link to a folder' | 'broken link' | 'special file'
}

export interface ModelFiles {
  readonly files: readonly ModelFile[]
  readonly odd: readonly OddFile[]
}

/** The model's name: the last part of its path. */
export const modelName = (path: string): string => basename(resolve(path))

/** Lists everything in a model's folder, unsorted. Throws FILE_NOT_FOUND and FILE_UNREADABLE. */
export const listModel = async (path: string): Promise<ModelFiles> => {
  const root = await statInput(path)
  if (root.isFile()) return { files: [{ path: '.', file: path, bytes: root.size, isLink: false }], odd: [] }
  const files: ModelFile[] = []
  const odd: OddFile[] = []
  const visitFolder = async (below: string): Promise<void> => {
    for (const entry of await listFolder(join(path, below))) {
      const at = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) await visitFolder(at)
      else await visitFile(at, entry.isSymbolicLink())
    }
  }
  const visitFile = async (at: string, isLink: boolean): Promise<void> => {
    const file = join(path, at)
    const target = isLink ? await stat(file).catch(() => undefined) : await lstat(file).catch(fail(file))
    if (target === undefined) odd.push({ path: at, kind: 'broken link' })
    else if (target.isDirectory()) odd.push({ path: at, kind: 'link to a folder' })
    else if (!target.isFile()) odd.push({ path: at, kind: 'special file' })
    else files.push({ path: at, file, bytes: target.size, isLink })
  }
  await visitFolder('')
  return { files, odd }
}

const fail =
  (file: string) =>
  async (cause: unknown): Promise<never> => {
    throw await readError(file, cause)
  }

/**
 * The files that are not left out, and how many each ignored path leaves out (0 where it is not there). What was signed
 * is never left out, whatever the paths say.
 */
export const withoutIgnored = (
  { files, odd }: ModelFiles,
  ignored: readonly string[],
  isSigned: (path: string) => boolean = () => false,
): ModelFiles & { readonly counts: ReadonlyMap<string, number> } => {
  const counts = new Map(ignored.map((path) => [path, 0]))
  const isKept = ({ path }: { readonly path: string }): boolean => {
    const above = isSigned(path) ? undefined : coveredBy(path, ignored)
    if (above !== undefined) counts.set(above, (counts.get(above) ?? 0) + 1)
    return above === undefined
  }
  return { files: files.filter(isKept), odd: odd.filter(isKept), counts }
}
