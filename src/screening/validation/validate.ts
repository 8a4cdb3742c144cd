import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import type { CheckResult } from '../../contract/validation.ts'
import { sha256OfFile, statInput } from '../../data/files.ts'
import { tableFormat } from '../table/index.ts'
import { openEngine, type ScanEngine } from './engine.ts'
import { judge } from './judge.ts'
import { prepare } from './prepare.ts'
import { copyFormat, type RowsOut, writePassed, writeQuarantine } from './quarantine.ts'
import { type ExampleRow, findExamples, runScan } from './scan.ts'
import type { LoadedSchema } from './schema/load-schema.ts'
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
}

export interface TableValidation {
  readonly rows: { readonly in: number; readonly passed: number; readonly quarantined: number }
  readonly checks: readonly CheckResult[]
  readonly examples: readonly { readonly check: string; readonly rows: readonly ExampleRow[] }[]
  readonly sha256: string
}

/**
 * Runs all rules of a schema over a CSV, TSV, JSONL or Parquet file in one scan. Keys need a look at their columns
 * first; examples of what failed, and rows that are written, come from scans of their own. Memory is bounded: what doesn't fit goes to encrypted files in a
 * private folder for the time of the run.
 *
 * Throws CONFIG_INVALID for a rule that can't be meant (with its place in the schema), DATA_CORRUPT for a file that is
 * no table or that changes while it is read, FILE_NOT_FOUND, FILE_UNREADABLE, FILE_UNWRITABLE.
 */
export const validateTable = async (options: ValidateOptions): Promise<TableValidation> => {
  const { path, schema, now, threads = 2, quarantine, passed } = options
  await statInput(path)
  const format = await tableFormat(path)
  const file = await realpath(path)
  const before = await stat(file)
  const outputs = {
    quarantine: quarantine === undefined ? undefined : await output(quarantine, '--quarantine'),
    passed: passed === undefined ? undefined : await output(passed, '--passed'),
  }
  const drafts = Object.values(outputs).filter((out) => out !== undefined)
  const others = await referencedFiles(schema)
  const engine = await openEngine({
    reads: [file, ...others],
    writes: drafts.map(({ written }) => written.draft),
    threads,
  })
  try {
    const hashing = sha256OfFile(file)
    // Where the scan fails first, nobody waits for the digest any more.
    hashing.catch(() => undefined)
    const table = await openTable(engine, file, format)
    const { plan, relation, numbered, idle } = await prepare(engine, table, schema, now)
    const result = await runScan(engine, plan, relation)
    const rows = { in: result.rows, passed: result.rows - result.quarantined, quarantined: result.quarantined }
    const examples = await findExamples(engine, plan, numbered, result)
    const write = async (out: Output | undefined, how: Writer, expected: number): Promise<void> => {
      if (out === undefined) return
      const count = await how(engine, { table, plan, relation: numbered, path: out.written.draft, format: out.format })
      if (count !== expected) throw changed(path)
    }
    await write(outputs.quarantine, writeQuarantine, rows.quarantined)
    await write(outputs.passed, writePassed, rows.passed)
    const sha256 = await hashing
    const after = await stat(file)
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(path)
    for (const { written } of drafts) await written.commit()
    return {
      rows,
      checks: judge(plan, idle, result, schema.rules),
      examples: plan.rows.flatMap(({ rule }, i) =>
        examples[i]!.length === 0 ? [] : [{ check: rule.id, rows: examples[i]! }],
      ),
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
