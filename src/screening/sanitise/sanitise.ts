import { realpath, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { writeError } from '../../base/system-error.ts'
import { type SanitiseResult, sanitiseResultSchema } from '../../contract/sanitise-result.ts'
import { type AtomicFile, atomicFile } from '../../data/atomic-file.ts'
import { fileDigest } from '../../data/digest.ts'
import { sha256OfFile } from '../../data/files.ts'
import { replacerOf } from './actions/index.ts'
import { cellSanitiser } from './cell.ts'
import { explaining } from './explaining.ts'
import { formatOf, type SanitisedFormat } from './format.ts'
import { passImage, passImageFolder } from './images/pass-images.ts'
import { keyMaking, type SanitisingKey } from './keys/key-file.ts'
import { namedColumns } from './named-columns.ts'
import { keyedKinds, type Policy, type PolicyOptions, policyDigest, policyOf } from './policy/policy.ts'
import { passCsv } from './tables/csv.ts'
import { passJsonl } from './tables/jsonl.ts'
import { passParquet } from './tables/parquet.ts'
import { passText } from './tables/plain-text.ts'
import { type TextSink, textSink } from './tables/sink.ts'
import { tallyOf } from './tally.ts'
import { restoringWorker, sanitisingWorker, type Worker } from './worker.ts'

export interface SanitiseOptions {
  /** What to do with what; the defaults where nothing is said. */
  readonly policy?: PolicyOptions
  readonly key?: SanitisingKey
  /** The rules file that the policy came from, for the result. */
  readonly rules?: { readonly path: string; readonly sha256: string }
  /** Where the result goes; without it nothing is written. */
  readonly out?: string
  /** Turns the tokens of `key` back and does nothing else. */
  readonly restore?: boolean
  /** Whether the first row of a CSV file names its columns. Default true. */
  readonly header?: boolean
  /** Entities listed in the result; all are counted. Default 1000. */
  readonly maxEntities?: number
  /** Whether to tell of candidates for personal data that are none, and why. Default false. */
  readonly explain?: boolean
  /** Images are decoded and written anew. */
  readonly reencode?: boolean
}

type TextFormat = 'csv' | 'tsv' | 'jsonl' | 'text'

/** Only spreadsheets run formulas: elsewhere they are reported, and a text has no cells. */
const formulaAction = (format: SanitisedFormat) =>
  ({ name: format === 'csv' || format === 'tsv' ? 'neutralise' : format === 'text' ? 'ignore' : 'report' }) as const

const usage = (message: string, hint: string): BartizanError => new BartizanError('USAGE', message, { hint })

const checkOptions = async (path: string, format: SanitisedFormat, policy: Policy, options: SanitiseOptions) => {
  const { key, out, restore = false } = options
  const isImage = format === 'image' || format === 'image-folder'
  if (restore && key === undefined) throw usage('restoring needs the key', 'give it with --key')
  if (restore && isImage) throw usage('images hold no tokens', 'only tables and texts can be restored')
  const keyed = restore || isImage ? [] : keyedKinds(policy)
  if (keyed.length > 0 && key === undefined)
    throw usage(`${keyed.join(', ')}: this needs a key`, `make one with: ${keyMaking('key')}; and give it with --key`)
  if (out === undefined) return
  const [from, to] = await Promise.all([path, out].map((file) => realpath(file).catch(() => resolve(file))))
  if (from === to)
    throw usage(`${out} is the input itself`, 'write to another file, and look at it before you replace the first')
}

const passTextFormat = (
  format: TextFormat,
  path: string,
  header: boolean,
  worker: Worker,
  sink: TextSink,
): Promise<void> => {
  if (format === 'jsonl') return passJsonl(path, worker, sink)
  if (format === 'text') return passText(path, worker, sink)
  return passCsv(path, { header, ...(format === 'tsv' && { separator: '\t' }) }, worker, sink)
}

/** Where a result goes, and what is checked before it appears there. */
interface Target {
  readonly out: string | undefined
  readonly settled: () => Promise<void>
}

/** Through a text format into `out`, which appears whole or not at all. */
const writeText = async (
  format: TextFormat,
  path: string,
  header: boolean,
  worker: Worker,
  { out, settled }: Target,
) => {
  const file: AtomicFile | undefined = out === undefined ? undefined : await atomicFile(out)
  try {
    const sink = textSink(file)
    await passTextFormat(format, path, header, worker, sink)
    await settled()
    await file?.commit()
    return sink.sha256()
  } finally {
    await file?.discard()
  }
}

const writeParquet = async (path: string, worker: Worker, { out, settled }: Target): Promise<string | undefined> => {
  if (out === undefined) {
    await passParquet(path, worker, undefined)
    await settled()
    return undefined
  }
  // Fails now rather than inside the engine, where the folder is missing or may not be written.
  await (await atomicFile(out)).discard()
  const temporary = resolve(`${out}.${process.pid}.tmp`)
  try {
    await passParquet(path, worker, temporary)
    const digest = await sha256OfFile(temporary)
    await settled()
    await rename(temporary, out).catch((error: unknown) => {
      throw writeError(out, error)
    })
    return digest
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * Sanitises a table, a text, an image or a folder of images. Streams: memory holds a block of rows, whatever the size
 * of the file. The output appears whole or not at all; the same input, policy and key give the same bytes. Throws USAGE
 * where an action lacks its key, CONFIG_INVALID for a column that isn't there, DATA_CORRUPT (also where the input changes
 * meanwhile) and DATA_FORMAT_UNSUPPORTED where the file can't be taken.
 */
export const sanitise = async (path: string, options: SanitiseOptions = {}): Promise<SanitiseResult> => {
  const {
    key,
    out,
    restore = false,
    header = true,
    maxEntities = 1000,
    reencode = false,
    explain = false,
    rules,
  } = options
  const format = await formatOf(path)
  const policy = policyOf({
    ...options.policy,
    actions: { formula: formulaAction(format), ...options.policy?.actions },
  })
  await checkOptions(path, format, policy, options)
  const tally = tallyOf(maxEntities)
  const inDigest = await fileDigest(path)
  const settled = async (): Promise<void> => {
    if ((await fileDigest(path)) === inDigest) return
    throw new BartizanError('DATA_CORRUPT', `${path} changed while it was read`, {
      hint: 'leave it alone until it is sanitised: nothing was written',
      data: { path },
    })
  }
  let absentColumns: readonly string[] = []
  let suppressed: SanitiseResult['suppressed']
  let outDigest: string | undefined
  let written = out !== undefined
  if (format === 'image' || format === 'image-folder') {
    const images = { policy, tally, reencode, settled }
    if (format === 'image') written = (await passImage(path, out, images)) && written
    else await passImageFolder(path, out, images)
    if (out !== undefined && written) outDigest = tally.counts().rows.out > 0 ? await fileDigest(out) : undefined
  } else {
    const { regions, nfc } = policy
    const cells = cellSanitiser({ replace: replacerOf(key), nfc, ...(key && { key }), ...(regions && { regions }) })
    const sanitising = restore && key ? restoringWorker(key, path, tally) : sanitisingWorker(policy, cells, tally)
    const told = explain && !restore ? explaining(policy, sanitising, maxEntities) : undefined
    const { worker, absent } = namedColumns(policy, told?.worker ?? sanitising)
    const target = {
      out,
      async settled() {
        absentColumns = absent(path)
        await settled()
      },
    }
    outDigest =
      format === 'parquet'
        ? await writeParquet(path, worker, target)
        : await writeText(format, path, header, worker, target)
    suppressed = told?.explained()
  }
  const counts = tally.counts()
  const changes = counts.rows.changed + counts.rows.dropped + counts.cells.changed > 0
  return sanitiseResultSchema.parse({
    in: { path, sha256: inDigest },
    out: out === undefined || outDigest === undefined ? null : { path: out, sha256: outDigest },
    format,
    policy: { sha256: policyDigest(policy), rules: rules ?? null, key: key?.id ?? null, restore },
    ...counts,
    ...(suppressed && { suppressed }),
    ...(absentColumns.length > 0 && { absentColumns }),
    verdict: changes ? (out === undefined ? 'would change' : 'sanitised') : 'unchanged',
  })
}
