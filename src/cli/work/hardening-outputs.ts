import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { atomicFile } from '../../data/index.ts'

interface Files {
  readonly model?: string
  readonly data: string
  readonly labels?: string
  readonly test?: string
  readonly testLabels?: string
  readonly out: string
  readonly report?: string
  readonly checkpoint?: string
}

/**
 * Throws USAGE where a file that is written would replace one that is read, or another that is written, and
 * FILE_UNWRITABLE where one can't be written: before the work, not after it.
 */
export const prepareOutputs = async (files: Files): Promise<void> => {
  const taken = new Map<string, string>()
  const { model, data, labels, test, testLabels, out, report, checkpoint } = files
  for (const [flag, path] of Object.entries({ model, data, labels, test, 'test-labels': testLabels }))
    if (path !== undefined) taken.set(await trueName(path), flag)
  for (const [flag, path] of Object.entries({ out, report, checkpoint })) {
    if (path === undefined) continue
    const name = await trueName(path)
    const other = taken.get(name)
    if (other !== undefined)
      throw new BartizanError('USAGE', `--${flag} and --${other} are the same file: ${path}`, {
        hint: `write to another file: what --${other} names would be lost`,
      })
    taken.set(name, flag)
    await (await atomicFile(path)).discard()
  }
}

const trueName = (path: string): Promise<string> => realpath(path).catch(() => resolve(path))
