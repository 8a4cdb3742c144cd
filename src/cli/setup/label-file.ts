import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isBartizanError } from '../../base/errors.ts'
import { type DataSet, openData } from '../../data/index.ts'

/** How the name of a file of rows becomes the name of the file of its labels. */
const renamings: readonly (readonly [RegExp, string])[] = [
  [/images-idx\d-ubyte/, 'labels-idx1-ubyte'],
  [/images\.idx\d-ubyte/, 'labels.idx1-ubyte'],
  [/-idx\d-ubyte/, '-labels-idx1-ubyte'],
  [/images/i, 'labels'],
  [/(^|[^a-z])x(?=[^a-z])/i, '$1y'],
  [/(data|rows|inputs|features)(?=[^a-z])/i, 'labels'],
  [/(\.[a-z0-9]+)$/i, '-labels$1'],
  [/(\.[a-z0-9]+)$/i, '.labels$1'],
]

/** The file beside `path` that holds one label for each row, by its usual names; undefined where there is none. */
export const labelsBeside = async (path: string, rows: number): Promise<string | undefined> => {
  const name = basename(path)
  const there = new Set(await readdir(dirname(path)).catch(() => []))
  const names = new Set(renamings.map(([from, to]) => name.replace(from, to)))
  for (const candidate of names) {
    if (candidate === name || !there.has(candidate)) continue
    const found = join(dirname(path), candidate)
    if (await fits(found, rows)) return found
  }
  return undefined
}

/** Whether a file holds one number for each of so many rows. */
const fits = async (path: string, rows: number): Promise<boolean> => {
  let set: DataSet | undefined
  try {
    set = await openData({ path })
    return set.rows === rows && set.shape.reduce((product, size) => product * size, 1) === 1
  } catch (error) {
    if (isBartizanError(error)) return false
    throw error
  } finally {
    await set?.close()
  }
}
