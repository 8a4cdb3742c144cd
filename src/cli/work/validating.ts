import { BartizanError } from '../../base/errors.ts'
import { type Validation, validationSchema, validationSchemaVersion } from '../../contract/validation.ts'
import { detect } from '../../data/detect.ts'
import { statInput } from '../../data/files.ts'
import { writeTextAtomically } from '../../data/index.ts'
import { recordEvidence } from '../../evidence/index.ts'
import {
  createTestResult,
  digestOfData,
  loadSchema,
  sectionFiles,
  validateData,
  verdictOf,
} from '../../screening/validation/index.ts'
import { version } from '../version.ts'
import { nameIn } from './commitments.ts'
import { checkOutputs, requireApart } from './outputs.ts'
import { recordParts } from './parts-record.ts'
import { type Compared, type ComparisonFlags, comparisonOf } from './validation-comparison.ts'
import { renderValidationJunit } from './validation-junit.ts'
import { maskedExamples, maskedLabels } from './validation-masking.ts'
import { renderValidation } from './validation-report.ts'

export interface ValidateFlags extends ComparisonFlags {
  readonly schema: string
  /** Where the state of a part goes. */
  readonly partial?: string
  readonly quarantine?: string
  readonly passed?: string
  readonly report?: string
  readonly junit?: string
  readonly attest: boolean
  readonly project: string
  readonly now?: string
  readonly threads: number
}

/** The time that freshness is judged by. Throws USAGE. */
export const momentOf = (written: string | undefined): Date => {
  if (written === undefined) return new Date()
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(written)
  const moment = new Date(written)
  if (isIso && !Number.isNaN(moment.getTime())) return moment
  throw new BartizanError('USAGE', `--now is "${written}", expected a time such as 2026-11-25T12:00:00Z`, {
    data: { written },
  })
}

const isTable = async (path: string): Promise<boolean> => {
  const found = await detect(path)
  if ('bytes' in found) await found.bytes.close()
  return !('bytes' in found) && found.format !== 'image-folder'
}

/** Validates one file or folder, writes what the flags ask for, and gives the contract's object. */
export const runValidation = async (file: string, flags: ValidateFlags): Promise<Validation> => {
  const started = performance.now()
  const { schema: schemaFile, reference, partial, quarantine, passed, report, junit, project } = flags
  const outputs = {
    '--partial': partial,
    '--quarantine': quarantine,
    '--passed': passed,
    '--report': report,
    '--junit': junit,
  }
  if (reference === undefined && (flags.columns ?? flags.target) !== undefined)
    throw new BartizanError('USAGE', '--columns and --target go with --reference')
  await checkOutputs({ FILE: file, '--schema': schemaFile, '--reference': reference }, outputs)
  if (!(await statInput(project)).isDirectory())
    throw new BartizanError('USAGE', `--project ${project} is no folder`, { data: { project } })
  const moment = momentOf(flags.now)
  const tool = { name: 'bartizan', version: version() }
  const named = (path: string): string => nameIn(project, path)
  const schema = await loadSchema(schemaFile, file)
  const others = sectionFiles(schema)
  await requireApart({ 'a file that the schema names': others }, outputs)
  if (reference !== undefined && !(await isTable(file)))
    throw new BartizanError('USAGE', `--reference compares tables, and ${file} is none`, {
      hint: 'of images and arrays the labels are compared: labels.reference in the schema',
      data: { path: file },
    })
  if (partial !== undefined && !(await isTable(file)))
    throw new BartizanError('USAGE', `--partial is for parts of tables, and ${file} is none`, { data: { path: file } })
  let comparison: Compared | undefined
  const table = await validateData({
    path: file,
    schema,
    now: moment.getTime() / 1000,
    threads: flags.threads,
    ...(quarantine !== undefined && { quarantine }),
    ...(passed !== undefined && { passed }),
    ...(partial !== undefined && {
      state: { path: partial, tool, part: named(file), schema: named(schemaFile), mask: maskedExamples },
    }),
    async beside(rows, taken) {
      comparison = await comparisonOf(rows, flags, taken)
      return comparison?.checks ?? []
    },
  })
  const checks = [...table.checks, ...(comparison?.checks ?? [])]
  const digested = async (path: string) => ({ path: named(path), sha256: await digestOfData(path) })
  const result: Validation = {
    schemaVersion: validationSchemaVersion,
    tool,
    verdict: verdictOf(checks),
    kind: table.kind,
    rows: table.rows,
    checks,
    examples: await maskedExamples(table.examples),
    ...(comparison !== undefined && { distributions: comparison.distributions }),
    ...(table.labels && { labels: await maskedLabels(table.labels, schema) }),
    dataset: { path: named(file), sha256: table.sha256 },
    schema: { path: named(schemaFile), sha256: schema.sha256 },
    ...(others.length > 0 && { others: await Promise.all(others.map(digested)) }),
    ...(reference !== undefined && { reference: await digested(reference) }),
    outputs: {
      ...(quarantine !== undefined && { quarantine: await digested(quarantine) }),
      ...(passed !== undefined && { passed: await digested(passed) }),
      ...(partial !== undefined && { state: await digested(partial) }),
    },
    timing: { now: moment.toISOString(), seconds: 0 },
  }
  const record = await recordParts(result, file, flags)
  const attestation = flags.attest ? await attested(result, project) : undefined
  const validation = validationSchema.parse({
    ...result,
    outputs: { ...result.outputs, ...(record && { record }), ...(attestation !== undefined && { attestation }) },
    timing: { ...result.timing, seconds: (performance.now() - started) / 1000 },
  })
  if (report !== undefined) await writeTextAtomically(report, renderValidation(validation))
  if (junit !== undefined) await writeTextAtomically(junit, renderValidationJunit(validation))
  return validation
}

/** Signs and logs a result in `.bartizan` of a folder; gives the record's name in it. */
export const attested = async (result: Validation, root: string) => {
  const { records } = await recordEvidence({ root, statements: [createTestResult(result)] })
  const [record] = records
  if (record === undefined) throw new BartizanError('INTERNAL', 'the evidence was not recorded')
  return { path: nameIn(root, record.path), sha256: record.sha256 }
}
