import { readFile } from 'node:fs/promises'
import { sha256 } from '../../../base/canonical-json.ts'
import { BartizanError } from '../../../base/errors.ts'
import { problemsOf } from '../../../base/yaml/problems.ts'
import { yamlFile } from '../../../base/yaml/yaml-file.ts'
import { statInput } from '../../../data/files.ts'
import type { PolicyOptions } from './policy.ts'
import { rulesKeys, rulesSchema } from './rules-schema.ts'

export interface RulesFile {
  readonly path: string
  readonly sha256: string
  readonly options: PolicyOptions
}

const mostBytes = 2 ** 20

const hint = 'docs/how-to/sanitise-data.md shows a rules file'

/** Parses a rules file's text. Throws CONFIG_INVALID with every problem, each with file, line and column. */
export const parseRules = (text: string, file: string): PolicyOptions => {
  const source = yamlFile(text, { file, hint })
  const parsed = rulesSchema.safeParse(source.value ?? {})
  if (!parsed.success) {
    const problems = problemsOf(parsed.error.issues, source.value, rulesKeys)
    // A rule is a short line that is looked for by its key.
    throw source.error(problems.map((problem) => ({ ...problem, onKey: true })))
  }
  const { actions, columns, regions, nfc, 'min-score': minScore } = parsed.data
  return {
    ...(actions && { actions }),
    ...(columns && { columns }),
    ...(regions && { regions }),
    ...(nfc !== undefined && { nfc }),
    ...(minScore !== undefined && { minScore }),
  }
}

export const readRules = async (path: string): Promise<RulesFile> => {
  const { size } = await statInput(path)
  if (size > mostBytes)
    throw new BartizanError('CONFIG_INVALID', `${path} has ${size} bytes; a rules file has at most ${mostBytes}`, {
      hint: 'is this the right file? The data go first on the command line',
      data: { path, bytes: size },
    })
  const text = await readFile(path, 'utf8')
  return { path, sha256: sha256(text), options: parseRules(text, path) }
}
