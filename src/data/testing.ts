import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { BartizanError, type ErrorCode } from '../base/errors.ts'
import type { DataSet } from './data-set.ts'
import { type OpenOptions, openData } from './open.ts'

/** Path of a stored test file. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../test/fixtures/data/${name}`, import.meta.url))

export { scratch } from '../base/testing.ts'

/** The error that an action throws, which must be a BartizanError of this code. */
export const failure = async (code: ErrorCode, action: () => unknown): Promise<BartizanError> => {
  try {
    await action()
  } catch (error) {
    if (!(error instanceof BartizanError)) throw error
    expect(error.code).toBe(code)
    return error
  }
  throw new Error(`nothing was thrown, ${code} was expected`)
}

/** Opens a data set for one action and closes it. */
export const withData = async <T>(options: OpenOptions, action: (set: DataSet) => T | Promise<T>): Promise<T> => {
  const set = await openData(options)
  try {
    return await action(set)
  } finally {
    await set.close()
  }
}

/** Opens and reads every row. */
export const readAll = (options: OpenOptions) => withData(options, (set) => set.read(0, set.rows))
