import { BartizanError } from '../../base/errors.ts'
import { type ScreenedRow, type Screening, screeningSchema, screeningSchemaVersion } from '../../contract/screening.ts'
import { fileDigest, writeTextAtomically } from '../../data/index.ts'
import { outlierScreens } from '../../screening/outliers/index.ts'
import { poisonScreens } from '../../screening/poison/index.ts'
import { digestOfData } from '../../screening/validation/index.ts'
import { resolveParameters } from '../../threat/parameters.ts'
import type { AnyScreen, ScreenContext, ScreenResult } from '../../threat/screen.ts'
import { version } from '../version.ts'
import { nameIn } from './commitments.ts'
import { checkOutputs } from './outputs.ts'
import { openScreening, randomFor, type ScreenInputs } from './screening-context.ts'
import { recordScreening } from './screening-record.ts'
import { renderScreening } from './screening-report.ts'
import { type Decision, picturesOf, readDecisions, writeReview } from './screening-review.ts'
import { checkRowFile, writeRows } from './screening-rows.ts'
import { requireProject } from './step-record.ts'

export interface ScreenFlags extends ScreenInputs {
  /** Ids, or `poison`, `outliers`, `all`. */
  readonly screens: readonly string[]
  readonly quarantine?: string
  readonly passed?: string
  readonly review?: string
  readonly decisions?: string
  readonly by?: string
  readonly report?: string
  readonly project: string
}

type Chosen = { readonly screen: AnyScreen; readonly kind: 'poison' | 'outliers' }

/** Screens by id or kind, each once. Throws USAGE. */
export const chosenScreens = (asked: readonly string[]): readonly Chosen[] => {
  const poison = [...poisonScreens.values()].map((screen) => ({ screen, kind: 'poison' as const }))
  const outliers = [...outlierScreens.values()].map((screen) => ({ screen, kind: 'outliers' as const }))
  const all = [...poison, ...outliers]
  const groups: Readonly<Record<string, readonly Chosen[]>> = { poison, outliers, all }
  const wanted = new Set(
    asked.flatMap((name) => {
      const found = groups[name] ?? all.filter(({ screen }) => screen.id === name)
      if (found.length === 0)
        throw new BartizanError('USAGE', `there is no screen "${name}"`, {
          hint: `poison, outliers, all, or: ${all.map(({ screen }) => screen.id).join(', ')}`,
        })
      return found.map(({ screen }) => screen.id)
    }),
  )
  return all.filter(({ screen }) => wanted.has(screen.id))
}

const lacking = (needs: AnyScreen['needs'], context: Omit<ScreenContext, 'random' | 'progress'>) =>
  needs.filter((need) => context[need] === undefined)

const without: Readonly<Record<AnyScreen['needs'][number], string>> = {
  labels: 'labels (--labels, --label)',
  features: 'features of a model (--model)',
  model: 'the model (--model)',
  sources: 'the source of each row (--sources)',
  trusted: 'trusted rows (--trusted)',
  train: 'a way to train',
}

/** Share of rows that a screen scores no higher than each row. */
const ranks = (scores: Float64Array): Float64Array => {
  const sorted = scores.slice().sort()
  return scores.map((score) => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]! > score) high = middle
      else low = middle + 1
    }
    return low / sorted.length
  })
}

/** Every row that was flagged or is to be removed, with what flagged it and what was decided. */
const rowsFound = (
  results: readonly { readonly id: string; readonly result: ScreenResult }[],
  labels: Int32Array | undefined,
  decisions: ReadonlyMap<number, Decision>,
): readonly ScreenedRow[] => {
  const found = new Map<number, { id: string; score: number; rank: number }[]>()
  for (const row of decisions.keys()) found.set(row, [])
  for (const { id, result } of results) {
    if (result.flagged.length === 0) continue
    const rank = ranks(result.scores)
    for (const row of result.flagged)
      found.set(row, [...(found.get(row) ?? []), { id, score: result.scores[row]!, rank: rank[row]! }])
  }
  const verdicts = { keep: 'kept', remove: 'removed' } as const
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([row, by]) => {
      const decision = decisions.get(row)
      return {
        row,
        ...(labels && { label: labels[row]! }),
        score: by.reduce((most, { rank }) => Math.max(most, rank), 0),
        verdict: decision === undefined ? ('flagged' as const) : verdicts[decision],
        screens: by.map(({ id, score }) => ({ id, score })),
      }
    })
}

/** Screens the rows of a file, writes what the flags ask for, and gives the contract's object. */
export const screenData = async (
  flags: ScreenFlags,
  seed: number,
  progress: (text: string) => void,
): Promise<Screening> => {
  const started = performance.now()
  const { data, quarantine, passed, review, decisions: decisionsFile, report, project } = flags
  const chosen = chosenScreens(flags.screens)
  if ((decisionsFile === undefined) !== (flags.by === undefined))
    throw new BartizanError('USAGE', '--decisions and --by go together: who decided is recorded')
  const reads = {
    FILE: data,
    '--model': flags.model,
    '--checkpoints': flags.checkpoints,
    '--labels': flags.labels,
    '--trusted': flags.trusted,
    '--trusted-labels': flags.trustedLabels,
    '--decisions': decisionsFile,
  }
  await checkOutputs(reads, { '--quarantine': quarantine, '--passed': passed, '--review': review, '--report': report })
  if (quarantine !== undefined || passed !== undefined) await requireProject(project)
  const opened = await openScreening(flags)
  try {
    const { context, set, model } = opened
    checkRowFile(set, quarantine, '--quarantine')
    checkRowFile(set, passed, '--passed')
    const sha256 = await digestOfData(data)
    const decided: ReadonlyMap<number, Decision> =
      decisionsFile === undefined ? new Map() : await readDecisions(decisionsFile, sha256, context.rows)
    const results = []
    for (const { screen, kind } of chosen) {
      progress(screen.title)
      const missing = lacking(screen.needs, context)
      const result: ScreenResult =
        missing.length > 0
          ? {
              verdict: 'cannot tell',
              reason: `it needs ${missing.map((need) => without[need]).join(' and ')}`,
              scores: new Float64Array(context.rows),
              flagged: new Int32Array(0),
              null: [],
            }
          : await screen.run(
              { ...context, random: randomFor(seed, screen.id), progress: () => undefined },
              resolveParameters(screen.id, screen.parameters),
            )
      results.push({ id: screen.id, screen, kind, result })
    }
    const rows = rowsFound(results, context.labels, decided)
    const count = (verdict: ScreenedRow['verdict']): number => rows.filter((row) => row.verdict === verdict).length
    const aside = rows.filter(({ verdict }) => verdict !== 'kept')
    const named = (path: string): string => nameIn(project, path)
    const digested = async (path: string) => ({ path: named(path), sha256: await fileDigest(path) })
    const out = Int32Array.from(aside, ({ row }) => row)
    const isAside = new Set(out)
    const rest = Int32Array.from({ length: context.rows }, (_, row) => row).filter((row) => !isAside.has(row))
    const reasons = new Map(
      aside.map(({ row, screens, verdict }) => [
        row,
        [...screens.map(({ id }) => id), ...(verdict === 'removed' ? ['decision'] : [])].join('; '),
      ]),
    )
    const whole = { set, data, labels: context.labels }
    if (quarantine !== undefined) await writeRows({ ...whole, at: out, path: quarantine, reasons })
    if (passed !== undefined) await writeRows({ ...whole, at: rest, path: passed })
    const pictures =
      review === undefined && report === undefined
        ? new Map<number, string>()
        : await picturesOf(
            set,
            context.x,
            rows.map(({ row }) => row),
          )
    if (review !== undefined) await writeReview(review, rows, pictures, sha256)
    const told = results.some(({ result }) => result.verdict !== 'cannot tell')
    const result: Screening = {
      schemaVersion: screeningSchemaVersion,
      tool: { name: 'bartizan', version: version() },
      verdict: count('flagged') > 0 ? 'flagged' : told ? 'nothing found' : 'cannot tell',
      falseDiscoveryRate: flags.fdr,
      data: { path: named(data), sha256 },
      ...(model && flags.model !== undefined && { model: await digested(flags.model) }),
      counts: {
        in: context.rows,
        passed: rest.length,
        quarantined: out.length,
        flagged: count('flagged'),
        kept: count('kept'),
        removed: count('removed'),
      },
      rows,
      screens: results.map(({ screen, kind, result: { verdict, reason, flagged, null: comparisons } }) => ({
        id: screen.id,
        title: screen.title,
        reference: screen.reference,
        kind,
        verdict,
        reason,
        flagged: flagged.length,
        null: comparisons,
      })),
      ...(decisionsFile !== undefined &&
        flags.by !== undefined && {
          decisions: {
            ...(await digested(decisionsFile)),
            by: flags.by,
            kept: count('kept'),
            removed: count('removed'),
          },
        }),
      outputs: {
        ...(quarantine !== undefined && { quarantine: await digested(quarantine) }),
        ...(passed !== undefined && { passed: await digested(passed) }),
        ...(review !== undefined && { review: await digested(review) }),
      },
      seed,
      seconds: 0,
    }
    const record = await recordScreening(result, data, flags)
    const screening = screeningSchema.parse({
      ...result,
      outputs: { ...result.outputs, ...(record && { record }) },
      seconds: (performance.now() - started) / 1000,
    })
    if (report !== undefined) await writeTextAtomically(report, renderScreening(screening, pictures, set.classes))
    return screening
  } finally {
    await opened.close()
  }
}
