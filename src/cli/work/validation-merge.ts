import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { type Validation, validationSchema, validationSchemaVersion } from '../../contract/validation.ts'
import { statInput } from '../../data/files.ts'
import { writeTextAtomically } from '../../data/index.ts'
import { digestOfData, loadSchema, mergeStates, sectionFiles, verdictOf } from '../../screening/validation/index.ts'
import { counted } from '../text/fields.ts'
import { version } from '../version.ts'
import { nameIn } from './commitments.ts'
import { checkOutputs } from './outputs.ts'
import { attested, momentOf, runValidation, type ValidateFlags } from './validating.ts'
import { renderValidationJunit } from './validation-junit.ts'
import { maskedLabels } from './validation-masking.ts'
import { renderValidation } from './validation-report.ts'

/** Flags that are about the rows of a part, or were about them when it was validated. */
const ofParts = ['passed', 'reference', 'columns', 'target'] as const

const nameOfParts = (paths: readonly string[]): string =>
  paths.length === 1 ? paths[0]! : `${paths[0]} and ${counted(paths.length - 1, 'other part')}`

/** Merges the states of parts, writes what the flags ask for, and gives the contract's object for the whole. */
const runMerge = async (states: readonly string[], flags: ValidateFlags): Promise<Validation> => {
  const started = performance.now()
  const { schema: schemaFile, partial, quarantine, report, junit, project, threads } = flags
  const misplaced = ofParts.find((name) => flags[name] !== undefined)
  if (misplaced !== undefined)
    throw new BartizanError('USAGE', `--${misplaced} doesn't go with --merge`, {
      hint: 'give it where the parts are validated: the merge reads their states, not their rows',
    })
  await checkOutputs(
    { STATE: states, '--schema': schemaFile },
    { '--partial': partial, '--quarantine': quarantine, '--report': report, '--junit': junit },
  )
  if (!(await statInput(project)).isDirectory())
    throw new BartizanError('USAGE', `--project ${project} is no folder`, { data: { project } })
  const schema = await loadSchema(schemaFile, states[0] ?? '')
  const tool = { name: 'bartizan', version: version() }
  const merged = await mergeStates({
    states,
    schema,
    tool,
    threads,
    ...(flags.now !== undefined && { now: momentOf(flags.now).getTime() / 1000 }),
    ...(quarantine !== undefined && { quarantine }),
    ...(partial !== undefined && { state: partial }),
  })
  const { checks, rows, kind, parts, examples } = merged
  const named = (path: string): string => nameIn(project, path)
  const digested = async (path: string) => ({ path: named(path), sha256: await digestOfData(path) })
  // The digests are those of the files that the parts were held against.
  const compared = new Map(merged.others.map(({ path, sha256 }) => [resolve(schema.folder, path), sha256]))
  const others = sectionFiles(schema).flatMap((path) => {
    const sha256 = compared.get(path)
    return sha256 === undefined ? [] : [{ path: named(path), sha256 }]
  })
  const result: Validation = {
    schemaVersion: validationSchemaVersion,
    tool,
    verdict: verdictOf(checks),
    kind,
    rows,
    checks,
    // They were masked when the states were written.
    examples: examples.map((example) => ({ ...example, masked: true })),
    ...(merged.labels && { labels: await maskedLabels(merged.labels, schema) }),
    dataset: { path: nameOfParts(parts.map(({ path }) => path)), sha256: merged.sha256 },
    parts: parts.map((part) => ({ path: part.path, sha256: part.sha256, rows: part.rows + part.unreadable })),
    schema: { path: named(schemaFile), sha256: schema.sha256 },
    ...(others.length > 0 && { others }),
    outputs: {
      ...(quarantine !== undefined && { quarantine: await digested(quarantine) }),
      ...(partial !== undefined && { state: await digested(partial) }),
    },
    timing: { now: new Date(merged.now * 1000).toISOString(), seconds: 0 },
  }
  const attestation = flags.attest ? await attested(result, project) : undefined
  const validation = validationSchema.parse({
    ...result,
    outputs: { ...result.outputs, ...(attestation !== undefined && { attestation }) },
    timing: { ...result.timing, seconds: (performance.now() - started) / 1000 },
  })
  if (report !== undefined) await writeTextAtomically(report, renderValidation(validation))
  if (junit !== undefined) await writeTextAtomically(junit, renderValidationJunit(validation))
  return validation
}

export interface ValidateOrMergeFlags extends ValidateFlags {
  readonly merge: boolean
}

/** Validates one file or folder, or merges the states of parts. Throws USAGE for several files that are not merged. */
export const validate = async (files: readonly string[], flags: ValidateOrMergeFlags): Promise<Validation> => {
  if (flags.merge) return runMerge(files, flags)
  const [file = '', ...more] = files
  if (more.length === 0) return runValidation(file, flags)
  throw new BartizanError('USAGE', `one file or folder is validated at a time, and ${files.length} are named`, {
    hint: 'validate each part with --partial STATE, then merge: bartizan data validate --merge STATE STATE --schema SCHEMA',
    data: { files },
  })
}
