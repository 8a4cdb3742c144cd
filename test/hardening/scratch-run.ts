import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterAll } from 'vitest'
import { type Hardening, hardeningSchema } from '../../src/contract/index.ts'
import { bartizan, digits, scratch } from '../cli/bartizan.ts'

/** Rows of 512 digits, without a model. */
export const digitRows = digits.slice(2)

/**
 * A folder that commands run in: the evidence goes there. Returns the path of a name in it, and `run`, which gives the
 * ended command and its result of the contract.
 */
export const scratchRun = () => {
  const file = scratch()
  const home = process.cwd()
  afterAll(() => process.chdir(home))
  const run = async (...args: readonly string[]) => {
    mkdirSync(file('.'), { recursive: true })
    process.chdir(file('.'))
    const ended = await bartizan(...args, '--threads', '1', '--json', file('result.json'))
    return { ...ended, result: () => resultAt(file('result.json')) }
  }
  return { file, run }
}

const resultAt = async (path: string): Promise<Hardening> =>
  hardeningSchema.parse(JSON.parse(await readFile(path, 'utf8')))
