import { resolve } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import { nearest } from '../../../base/registry.ts'
import type { CheckResult } from '../../../contract/validation.ts'
import { detect } from '../../../data/detect.ts'
import type { Source } from '../../../data/source.ts'
import { defaultDuplicates } from '../../duplicates/options.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { ArraySection } from '../schema/yaml-sections.ts'
import { checkArray, type RowFaults } from './array-checks.ts'
import { type ArrayFile, openArrays } from './array-files.ts'
import { type EqualRows, equalFaults, repeatedCheck, repeatedRows, sharedCheck, sharedRows } from './array-rows.ts'
import { checkFitting } from './fitting.ts'
import { type Grading, graded } from './graded.ts'

export interface ArrayValidation {
  readonly rows: number
  readonly checks: readonly CheckResult[]
  readonly faults: readonly (RowFaults & { readonly severity: 'error' | 'warning' })[]
}

/** Opens the arrays at a path for `action`. Throws DATA_FORMAT_UNSUPPORTED for what holds none. */
export const withArrays = async <T>(path: string, action: (file: ArrayFile) => Promise<T>): Promise<T> => {
  const found = await detect(path)
  if (!('bytes' in found))
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} isn't a file of arrays (${found.format})`, {
      hint: 'arrays are IDX, npy or npz files',
      data: { path, format: found.format },
    })
  const file = await openArrays(path, found)
  try {
    return await action(file)
  } finally {
    await file.close()
  }
}

/** The names in the file are those of the schema. */
const namesCheck = (
  names: readonly string[],
  sections: Readonly<Record<string, ArraySection>>,
  extra: 'refuse' | 'allow',
): CheckResult => {
  const missing = Object.entries(sections).flatMap(([name, { optional }]) =>
    names.includes(name) || optional === true ? [] : [name],
  )
  const unknown = extra === 'refuse' ? names.filter((name) => !(name in sections)) : []
  const near = missing.flatMap((name) => nearest(name, unknown) ?? [])
  const faults = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`not in the schema: ${unknown.join(', ')}`] : []),
    ...(near.length > 0 ? [`misspelt? ${near.join(', ')}`] : []),
  ]
  return {
    id: 'arrays.names',
    verdict: faults.length === 0 ? 'passed' : 'failed',
    measured: names.length,
    required: `${Object.keys(sections).join(', ')}${extra === 'refuse' ? ', no other' : ''}`,
    n: names.length,
    message: faults.length === 0 ? 'the arrays are as the schema says' : faults.join('; '),
  }
}

/** Arrays of one file are columns of the same rows. */
const agreeCheck = (rows: ReadonlyMap<string, number>): CheckResult => {
  const found = [...rows].map(([name, count]) => `${name} ${count}`).join(', ')
  const agree = new Set(rows.values()).size === 1
  return {
    id: 'arrays.same-rows',
    verdict: agree ? 'passed' : 'failed',
    measured: found,
    required: 'as many rows in every array',
    n: rows.size,
    message: agree ? `every array has as many rows` : `the arrays differ in rows: ${found}`,
  }
}

/** The array whose rows are compared as wholes: the only one, x, or the first of the schema. */
const featuresOf = (names: readonly string[] | undefined, listed: readonly string[]): string | undefined =>
  names === undefined || names.length === 1
    ? names?.[0]
    : names.includes('x')
      ? 'x'
      : listed.find((n) => names.includes(n))

/** What a section found of whole rows, under its name and severity. */
const judged = (found: EqualRows, check: CheckResult, grading: Grading, prefix: string, where?: string): RowResult => {
  const checks = graded([check], grading, prefix)
  const severity = grading.severity ?? 'error'
  return {
    checks,
    faults: checks.flatMap((named) => equalFaults(found, named, where)).map((fault) => ({ ...fault, severity })),
  }
}

type RowResult = Pick<ArrayValidation, 'checks' | 'faults'>

const rowChecks = async (
  file: ArrayFile,
  name: string | undefined,
  schema: LoadedSchema,
): Promise<readonly RowResult[]> => {
  const { duplicates, leakage = [], images } = checkFitting(schema, 'arrays')
  const results: RowResult[] = []
  if (duplicates !== undefined) {
    const found = await repeatedRows(await file.open(name))
    const check = repeatedCheck(found, duplicates['at-most'] ?? defaultDuplicates.duplicates)
    results.push(judged(found, check, duplicates, 'duplicates'))
  }
  // Arrays of images are compared as images, which finds equal ones too.
  if (images !== undefined) return results
  for (const [i, entry] of leakage.entries()) {
    const found = await withArrays(resolve(schema.folder, entry.file), async (other) =>
      sharedRows(await file.open(name), await other.open(other.names?.includes(name ?? '') ? name : undefined)),
    )
    results.push(judged(found, sharedCheck(found, entry.file), entry, `leakage[${i}]`, entry.file))
  }
  return results
}

/**
 * Checks the arrays of a file by the schema's `arrays`, `duplicates` and `leakage`. A row that repeats an earlier one is
 * at fault where too many do, and one that another split holds always. Throws DATA_CORRUPT, CONFIG_INVALID.
 */
export const validateArrays = (schema: LoadedSchema, path: string): Promise<ArrayValidation> =>
  withArrays(path, async (file) => {
    const { arrays, 'extra-arrays': extra = 'refuse' } = checkFitting(schema, 'arrays')
    const sections = arrays ?? {}
    const listed = Object.keys(sections)
    if (file.names === undefined && listed.length > 1)
      throw schema.document.error([
        { path: ['arrays'], message: `${path} holds one array without a name; describe one` },
      ])
    const names = file.names ?? listed
    const checks: CheckResult[] = arrays === undefined ? [] : [namesCheck(names, sections, extra)]
    const faults: ArrayValidation['faults'][number][] = []
    const rows = new Map<string, number>()
    for (const name of names) {
      const source: Source = await file.open(file.names === undefined ? undefined : name)
      rows.set(name, source.rows)
      const section = sections[name]
      if (section === undefined) continue
      const found = await checkArray(`arrays.${name}`, source, section)
      checks.push(...graded(found.checks, section))
      faults.push(...found.faults.map((fault) => ({ ...fault, severity: section.severity ?? ('error' as const) })))
    }
    if (rows.size > 1) checks.push(agreeCheck(rows))
    for (const found of await rowChecks(file, featuresOf(file.names, listed), schema)) {
      checks.push(...found.checks)
      faults.push(...found.faults)
    }
    const only = rows.size > 0 ? Math.max(...rows.values()) : (await file.open()).rows
    return { rows: only, checks, faults }
  })
