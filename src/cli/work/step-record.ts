import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import { shellWord } from '../../base/shell-word.ts'
import { writeError } from '../../base/system-error.ts'
import type { Changes, LoggedRecord } from '../../contract/data-record.ts'
import { statInput } from '../../data/files.ts'
import { commitFile, commitFolder } from '../../evidence/datasets/index.ts'
import { evidencePaths, recordEvidence, type Statement, type Subject } from '../../evidence/index.ts'
import { createDataRecord, readDataRecord, readStoredRecords, repeatedStep } from '../../evidence/lineage/index.ts'
import { version } from '../version.ts'
import { commitmentOf, keepCommitment, loggedAs, nameIn, subjectsOf } from './commitments.ts'

/** A step that a command of ours took, as it is recorded. */
interface Step {
  /** Folder of bartizan.yaml. */
  readonly project: string
  /** What was done, in a word: sanitise, reweigh. */
  readonly step: string
  readonly materials: readonly Subject[]
  /** Files and folders that it wrote. */
  readonly outputs: readonly string[]
  /** The command line, without secrets. */
  readonly command: string
  /** What else decided the result. A secret is named by its id or left out. */
  readonly params: Readonly<Record<string, string>>
  readonly changes: Changes
}

/** A command line from its words; those without a value are left out. */
export const commandLine = (words: readonly (string | undefined)[]): string =>
  words
    .filter((word) => word !== undefined)
    .map(shellWord)
    .join(' ')

/** A file as a parameter names it: as the project does, with its digest. */
export const fileParam = (project: string, { path, sha256 }: { readonly path: string; readonly sha256: string }) =>
  `${nameIn(project, path)} sha256:${sha256}`

/**
 * Throws USAGE where `project` is no folder, and FILE_UNWRITABLE where no record can be written there: before the work,
 * not after it.
 */
export const requireProject = async (project: string): Promise<void> => {
  if (!(await statInput(project)).isDirectory())
    throw new BartizanError('USAGE', `--project ${project} is no folder`, { data: { project } })
  const { state } = evidencePaths(project)
  const place = (await stat(state).catch(() => undefined)) === undefined ? project : state
  await access(place, 2).catch((error: unknown) => {
    throw writeError(place, error, 'what is made is recorded there; name another folder with --project')
  })
}

/** Not where a name of the system's stands for what this process alone has open, such as /dev/stdout. */
const isKept = async (path: string): Promise<boolean> => {
  if (/^\/(dev|proc)\//.test(resolve(path))) return false
  const there = await stat(path).catch(() => undefined)
  return there?.isFile() === true || there?.isDirectory() === true
}

const commit = async (path: string) =>
  (await statInput(path)).isDirectory() ? await commitFolder(path) : await commitFile(path)

/** The statement with the time of the record that says the same already, where there is one: that is one record. */
const once = (project: string, statement: Statement): Statement => {
  const repeated = repeatedStep(readStoredRecords(project), statement)
  return repeated === undefined
    ? statement
    : createDataRecord(statement.subject, { ...readDataRecord(statement), at: readDataRecord(repeated).at })
}

/**
 * Commits to what a step wrote, and signs and logs one statement about it: from what, by which command with which
 * parameters, and which rule changed how much. A step that is taken again with the same outcome stays one record.
 * Nothing is recorded of a pipe or a device: nobody could look there again. Throws what `recordEvidence` throws.
 */
export const recordStep = async (taken: Step): Promise<LoggedRecord | undefined> => {
  const { project, step, outputs, materials, command, params, changes } = taken
  for (const path of outputs) if (!(await isKept(path))) return undefined
  try {
    const made = []
    for (const path of outputs) made.push(keepCommitment(project, path, await commit(path)))
    const statement = createDataRecord(made.flatMap(subjectsOf), {
      step,
      role: 'output',
      kind: 'data',
      at: new Date().toISOString(),
      command,
      params,
      changes,
      materials,
      commitments: made.map(commitmentOf),
      tool: { name: 'bartizan', version: version() },
    })
    const { records } = await recordEvidence({ root: project, statements: [once(project, statement)] })
    const [record] = records
    if (record === undefined) throw new BartizanError('INTERNAL', 'the step was not recorded')
    return loggedAs(project, record)
  } catch (error) {
    if (!isBartizanError(error)) throw error
    const { code, message, hint, data } = error
    const written = `${outputs.join(' and ')} ${outputs.length === 1 ? 'is' : 'are'} written, and not recorded`
    throw new BartizanError(code, `${message}; ${written}`, {
      hint: [hint, 'then run the command again'].filter(Boolean).join('; '),
      data: { ...data, outputs },
      cause: error,
    })
  }
}
