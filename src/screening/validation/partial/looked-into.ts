import { resolve } from 'node:path'
import type { LoadedSchema } from '../schema/load-schema.ts'
import { sectionFiles } from '../sections/table-sections.ts'

/** All other files that a schema's rules and sections look into, absolute, each once. */
export const lookedInto = (schema: LoadedSchema): readonly string[] => {
  const foreign = schema.rules.flatMap(({ test }) =>
    test.kind === 'foreign' && test.file !== '' ? [resolve(schema.folder, test.file)] : [],
  )
  return [...new Set([...foreign, ...sectionFiles(schema)])]
}
