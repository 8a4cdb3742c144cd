import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { plainIgnoredPath } from '../../evidence/model-signing/index.ts'

/** The path of a file below a model's folder with "/" on every system, undefined where it lies elsewhere. */
export const pathBelow = async (model: string, path: string): Promise<string | undefined> => {
  if (!(await stat(model)).isDirectory()) return undefined
  const folder = await realpath(dirname(resolve(path))).catch(() => dirname(resolve(path)))
  const below = relative(await realpath(model), join(folder, basename(path)))
  return below === '' || below.startsWith('..') || below.startsWith(sep) ? undefined : below.split(sep).join('/')
}

/** A path below the model as a flag gives it, in its one spelling. Throws USAGE. */
export const requireBelow = (flag: string, written: string): string => {
  const path = written === '.' && flag === '--only' ? '.' : plainIgnoredPath(written)
  if (path !== undefined) return path
  throw new BartizanError('USAGE', `${flag} "${written}" is not a path below the model`)
}
