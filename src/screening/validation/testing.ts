import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolders } from '../../base/testing.ts'
import type { CheckResult } from '../../contract/validation.ts'
import { parseSchema } from './schema/load-schema.ts'
import { type TableValidation, type ValidateOptions, validateTable } from './validate.ts'

export interface Trial extends TableValidation {
  readonly folder: string
  readonly path: string
  /** The check of that id; an error where there is none. */
  check(id: string): CheckResult
}

export interface TrialOptions extends Partial<Omit<ValidateOptions, 'path' | 'schema'>> {
  /** Name of the data file; its end is its format. */
  readonly name?: string
  /** Other files, by name. */
  readonly files?: Readonly<Record<string, string>>
  readonly schemaName?: string
}

/** For tests: validates a table given as text against a schema given as text, in a folder of its own. */
export const trials = () => {
  const newFolder = scratchFolders()
  return async (data: string, schema: string, options: TrialOptions = {}): Promise<Trial> => {
    const { name = 'data.csv', files = {}, schemaName = 'schema.yaml', ...rest } = options
    const folder = newFolder()
    for (const [file, text] of Object.entries({ [name]: data, ...files })) writeFileSync(join(folder, file), text)
    const path = join(folder, name)
    const within = (file: string | undefined) => (file === undefined ? undefined : join(folder, file))
    const result = await validateTable({
      now: 1_764_000_000,
      ...rest,
      path,
      schema: parseSchema(schema, join(folder, schemaName), path),
      quarantine: within(rest.quarantine),
      passed: within(rest.passed),
    })
    return {
      ...result,
      folder,
      path,
      check: (id) => {
        const found = result.checks.find((check) => check.id === id)
        if (found === undefined)
          throw new Error(`no check ${id}; there are ${result.checks.map((c) => c.id).join(', ')}`)
        return found
      },
    }
  }
}
