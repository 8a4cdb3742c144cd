import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import type { CheckResult } from '../../contract/validation.ts'
import { sha256OfFile, statInput } from '../../data/files.ts'
import type { TableFormat } from '../../data/formats/table-relation.ts'
import { tableFormat } from '../table/index.ts'
import { accusedRows } from './accused.ts'
import { openEngine, type ScanEngine } from './engine.ts'
import { judge } from './judge.ts'
import { keptAccusations } from './partial/kept-accusations.ts'
import { type StateOut, writePartState } from './partial/part-state.ts'
import { prepare } from './prepare.ts'
import { copyFormat, type RowsOut, writePassed, writeQuarantine } from './quarantine.ts'
import { readableCheck, readableId, unreadableExamples } from './readable/readable-check.ts'
import { type ReadableCopy, readableCopy } from './readable/readable-copy.ts'
import { type Examples, findExamples, runScan } from './scan.ts'
import type { LoadedSchema } from './schema/load-schema.ts'
import { checkFitting } from './sections/fitting.ts'
import type { LabelDistribution } from './sections/label-checks.ts'
import { sectionFiles, tableSections } from './sections/table-sections.ts'
import { openTable } from './table.ts'
import { type WrittenFile, writtenFile } from './written-file.ts'

export interface ValidateOptions {
  readonly path: string
  readonly schema: LoadedSchema
  /** Epoch seconds that freshness is judged by. */
  readonly now: number
  readonly threads?: number
  /** Where rows at fault go, all of them, with their numbers and reasons: .parquet, .csv, .tsv or .jsonl. */
  readonly quarantine?: string
  /** Where the other rows go. */
  readonly passed?: string
  /** The state of this part of a data set, to be merged with those of the others. */
  readonly state?: StateOut
  /**
   * More checks on the same rows: `table` is the file, or a copy of its readable rows that is gone after the run. Gives
   * them for the state; they are not among those of the result.
   */
  readonly beside?: (table: string, checkIds: ReadonlySet<string>) => Promise<readonly CheckResult[]>
}

export interface TableValidation {
  readonly rows: { readonly in: number; readonly passed: number; readonly quarantined: number }
  readonly checks: readonly CheckResult[]
  readonly examples: readonly Examples[]
  readonly labels?: LabelDistribution
  readonly sha256: string
}

/**
 * Runs all rules of a schema over a CSV, TSV, JSONL or Parquet file in one scan. Keys need a look at their columns
 * first, and the sections on duplicates and leakage read the file by themselves before it; examples of what failed, and rows that are written, come from scans of their own. Memory is bounded: what
 * doesn't fit goes to files in a private folder for the time of the run.
 *
 * A text file with lines that are no rows (another number of cells, broken quotes, no UTF-8, no JSON) is parted first,
 * into a copy of its readable rows in a private folder for the time of the run; the lines are rows at fault.
 *
 * Throws CONFIG_INVALID for a rule that can't be meant (with its place in the schema), DATA_CORRUPT for a file that is
 * no table or that changes while it is read, FILE_NOT_FOUND, FILE_UNREADABLE, FILE_UNWRITABLE.
 */
export const validateTable = async (options: ValidateOptions): Promise<TableValidation> => {
  const { path, schema } = options
  await statInput(path)
  const format = await tableFormat(path)
  checkFitting(schema, 'table')
  for (const other of sectionFiles(schema)) await statInput(other)
  const file = await realpath(path)
  try {
    return await validateRows(options, { file, format })
  } catch (error) {
    // The engine's own error has a cause: it may be a line of the file, which is then a row at fault.
    if (!isBartizanError(error, 'DATA_CORRUPT') || error.cause === undefined || format === 'parquet') throw error
    const copy = await readableCopy(file, format)
    try {
      return await validateRows(options, { file, format, copy })
    } catch (second) {
      // Where the copy can't be read either, its lines were not to blame; the first error is about the file itself.
      throw isBartizanError(second, 'DATA_CORRUPT') && second.cause !== undefined ? error : second
    } finally {
      await copy.remove()
    }
  }
}

interface TableFile {
  /** Absolute. */
  readonly file: string
  readonly format: TableFormat
  /** What is scanned in place of the file. */
  readonly copy?: ReadableCopy
}

const validateRows = async (
  { path, schema, now, threads = 2, quarantine, passed, state, beside }: ValidateOptions,
  { file, format, copy }: TableFile,
): Promise<TableValidation> => {
  const before = await stat(file)
  const outputs = {
    quarantine: quarantine === undefined ? undefined : await output(quarantine, '--quarantine'),
    passed: passed === undefined ? undefined : await output(passed, '--passed'),
  }
  const stateFile = state && (await writtenFile(state.path))
  const drafts = [...Object.values(outputs), stateFile && { written: stateFile }].filter((out) => out !== undefined)
  const others = await referencedFiles(schema)
  const scanned = copy?.path ?? file
  const engine = await openEngine({
    path: file,
    reads: [scanned, ...(copy === undefined ? [] : [copy.numbers, copy.unreadable]), ...others],
    writes: drafts.map(({ written }) => written.draft),
    threads,
  })
  try {
    const hashing = sha256OfFile(file)
    // Where the scan fails first, nobody waits for the digest any more.
    hashing.catch(() => undefined)
    const table = await openTable(engine, scanned, format, copy?.numbers)
    const prepared = await prepare(engine, table, schema, now)
    const { relation, numbered, idle } = prepared
    const accused = accusedRows(engine)
    const kept = keptAccusations(engine, accused.accuse)
    const sections = await tableSections(
      schema,
      { path: scanned, format, ...(copy && { numbers: copy.numbers }) },
      state === undefined ? accused.accuse : kept.accuse,
    )
    const plan = await accused.within(prepared.plan, sections.checks)
    const result = await runScan(engine, plan, plan.accused.length === 0 ? relation : numbered)
    // The sections read the file by themselves: each row that they accused must have been met again.
    if (plan.accused.some(({ rows }, i) => result.accused[i] !== rows)) throw changed(path)
    const unreadable = copy?.count ?? 0
    const rows = {
      in: result.rows + unreadable,
      passed: result.rows - result.quarantined,
      quarantined: result.quarantined + unreadable,
    }
    const examples = await findExamples(engine, plan, numbered, result)
    const write = async (out: Output | undefined, how: Writer, expected: number): Promise<void> => {
      if (out === undefined) return
      const count = await how(engine, {
        table,
        plan,
        relation: numbered,
        path: out.written.draft,
        format: out.format,
        ...(copy && { unreadable: { path: copy.unreadable, longest: copy.longest, check: readableId } }),
      })
      if (count !== expected) throw changed(path)
    }
    await write(outputs.quarantine, writeQuarantine, rows.quarantined)
    await write(outputs.passed, writePassed, rows.passed)
    const checks: readonly CheckResult[] = [
      ...(unreadable === 0 || copy === undefined ? [] : [readableCheck(result.rows, copy)]),
      ...judge(plan, idle, result, schema.rules),
      ...sections.checks,
    ]
    const more = await beside?.(scanned, new Set(checks.map(({ id }) => id)))
    const shown = [
      ...(unreadable === 0 || copy === undefined ? [] : [{ check: readableId, rows: unreadableExamples(copy.first) }]),
      ...examples,
    ]
    if (state !== undefined && stateFile !== undefined) {
      const { draft } = stateFile
      const leakage = sections.leakage && { leakage: sections.leakage }
      const found = {
        result,
        examples: shown,
        accused: kept,
        ...leakage,
        sectionChecks: [...sections.checks, ...(more ?? [])],
      }
      const scan = { engine, draft, schema, table, plan: prepared.plan, numbered, ...found, sha256: hashing, now }
      await writePartState({ ...scan, ...(copy && { copy }) }, state)
    }
    const sha256 = await hashing
    const after = await stat(file)
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(path)
    for (const { written } of drafts) await written.commit()
    return {
      rows,
      checks,
      examples: shown,
      ...(sections.labels && { labels: sections.labels }),
      sha256,
    }
  } finally {
    engine.close()
    for (const { written } of drafts) await written.discard()
  }
}

interface Output {
  readonly written: WrittenFile
  readonly format: string
}

type Writer = (engine: ScanEngine, out: RowsOut) => Promise<number>

const output = async (path: string, flag: string): Promise<Output> => ({
  format: copyFormat(path, flag),
  written: await writtenFile(path),
})

/** Files that foreign keys look into; each must be there before anything is run. */
const referencedFiles = async ({ rules, folder }: LoadedSchema): Promise<readonly string[]> => {
  const files = rules.flatMap(({ test }) => (test.kind === 'foreign' && test.file !== '' ? [test.file] : []))
  const paths = [...new Set(files)].map((file) => resolve(folder, file))
  for (const path of paths) await statInput(path)
  return paths
}

const changed = (path: string): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path} changed while it was validated`, {
    hint: 'leave the file alone while it is read',
    data: { path },
  })
