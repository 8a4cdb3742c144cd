import { BartizanError } from '../../base/errors.ts'
import { gitPaths, plainIgnoredPath } from './ignored-paths.ts'
import { listModel, type ModelFile, withoutIgnored } from './model-files.ts'
import type { Method } from './resource-name.ts'

export interface SignableOptions {
  readonly method: Method
  readonly allowSymlinks: boolean
  /** As `ignoredPaths` gives them. */
  readonly ignorePaths: readonly string[]
}

/** What is left out of a signature, sorted: git's files, and these. Throws CONFIG_INVALID. */
export const ignoredPaths = (ignore: readonly string[]): readonly string[] =>
  [...new Set([...gitPaths, ...ignore.map(requirePlain)])].sort()

/**
 * The files of a model that are signed, at least one. Throws MODEL_UNSAFE for a link that is not allowed and for anything
 * that is no file, CONFIG_INVALID for a model that can't be signed so, FILE_NOT_FOUND and FILE_UNREADABLE.
 */
export const signableFiles = async (
  path: string,
  { method, allowSymlinks, ignorePaths }: SignableOptions,
): Promise<readonly ModelFile[]> => {
  const { files, odd } = withoutIgnored(await listModel(path), ignorePaths)
  for (const { path: at, kind } of odd) throw unsignable(path, at, kind)
  if (!allowSymlinks)
    for (const { path: at } of files.filter(({ isLink }) => isLink)) throw unsignable(path, at, 'link')
  if (files.length === 0)
    throw new BartizanError('CONFIG_INVALID', `there is nothing to sign in ${path}`, { data: { path } })
  const colon = method === 'shards' ? files.find((file) => file.path.includes(':')) : undefined
  if (colon !== undefined)
    throw new BartizanError('CONFIG_INVALID', `${colon.path} can't be signed by shards: they are named with colons`, {
      hint: 'sign with --method files',
    })
  return files
}

const requirePlain = (written: string): string => {
  const path = plainIgnoredPath(written)
  if (path !== undefined) return path
  throw new BartizanError('CONFIG_INVALID', `"${written}" can't be ignored: it is not a path below the model`, {
    data: { path: written },
  })
}

const unsignable = (model: string, path: string, kind: string): BartizanError =>
  new BartizanError('MODEL_UNSAFE', `${path} in ${model} is a ${kind}, which is not signed`, {
    hint: kind === 'link' ? 'sign with --allow-symlinks to sign what links lead to' : `remove it, or --ignore ${path}`,
    data: { path, kind },
  })
