import { realpath } from 'node:fs/promises'
import { sha256 } from '../../../base/canonical-json.ts'
import { BartizanError } from '../../../base/errors.ts'
import type { CheckResult } from '../../../contract/validation.ts'
import type { ValidatedPart, ValidationState } from '../../../contract/validation-state.ts'
import { statInput } from '../../../data/files.ts'
import { openEngine, type ScanEngine } from '../engine.ts'
import { copyFormat } from '../quarantine.ts'
import { readableId } from '../readable/readable-check.ts'
import { schemaOfColumns } from '../relation.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import { checkFitting } from '../sections/fitting.ts'
import type { LabelDistribution } from '../sections/label-checks.ts'
import { type WrittenFile, writtenFile } from '../written-file.ts'
import { acrossRules, namesOf } from './across-columns.ts'
import { combineStates, type NamedState, requireAlike, requireOnce, rowsOf } from './combine-states.ts'
import { compiledRules } from './compiled-rules.ts'
import { labelsOfWhole } from './label-state.ts'
import { failuresAlone, leakageOfWhole } from './leaked-rows.ts'
import { type MergedExamples, mergedExamples } from './merged-examples.ts'
import { countMerged, mergeRows, openRows, type StateSource, writeMergedQuarantine } from './merged-rows.ts'
import { nearOfWhole } from './near-rows.ts'
import { openResults } from './open-checks.ts'
import { repeatedChecks, repeatedNames } from './repeated-rows.ts'
import { requireSealed } from './sealed-state.ts'
import { readState, writeState } from './state-file.ts'
import { rulesOfWhole } from './whole-checks.ts'

export interface MergeOptions {
  /** States in the order of their rows: of parts, or of parts that were merged before. */
  readonly states: readonly string[]
  readonly schema: LoadedSchema
  readonly tool: ValidationState['tool']
  /** Epoch seconds that freshness is judged by; the newest of the states' unless given. */
  readonly now?: number
  readonly threads?: number
  /** Where part, row and reasons of all rows at fault go. */
  readonly quarantine?: string
  /** Where the state of all parts together goes, to be merged further. */
  readonly state?: string
}

export interface MergedValidation {
  readonly kind: 'table'
  readonly rows: { readonly in: number; readonly passed: number; readonly quarantined: number }
  readonly checks: readonly CheckResult[]
  readonly examples: readonly MergedExamples[]
  readonly labels?: LabelDistribution
  readonly parts: readonly ValidatedPart[]
  /** SHA-256 of a line "<sha256>  <path>\n" for each part, in order. */
  readonly sha256: string
  /** Epoch seconds. */
  readonly now: number
  /** Other files that were looked into, from the schema's folder. */
  readonly others: ValidationState['others']
}

/**
 * The validation of a table from the states of its parts: that of the whole, for every rule. Keys are looked up over all
 * parts, order goes on from part to part. What the states can't tell is inconclusive. Memory is bounded.
 *
 * Throws USAGE for no state, another schema, another version or the same part twice, DATA_CORRUPT for a state that is
 * damaged, DATA_SHAPE_MISMATCH for parts with other columns, FILE_NOT_FOUND, FILE_UNREADABLE, FILE_UNWRITABLE.
 */
export const mergeStates = async (options: MergeOptions): Promise<MergedValidation> => {
  const { states, schema, threads, quarantine, state } = options
  const files = await Promise.all(
    states.map(async (path) => {
      await statInput(path)
      return realpath(path)
    }),
  )
  for (const path of states) await requireSealed(path)
  const [first, ...more] = files
  if (first === undefined)
    throw new BartizanError('USAGE', 'there is nothing to merge', { hint: 'name the states of the parts' })
  checkFitting(schema, 'table')
  const outputs = {
    quarantine:
      quarantine === undefined
        ? undefined
        : { written: await writtenFile(quarantine), format: copyFormat(quarantine, '--quarantine') },
    state: state === undefined ? undefined : { written: await writtenFile(state) },
  }
  const drafts: readonly WrittenFile[] = Object.values(outputs).flatMap((out) =>
    out === undefined ? [] : [out.written],
  )
  const engine = await openEngine({
    path: states[0]!,
    reads: [first, ...more],
    writes: drafts.map(({ draft }) => draft),
    ...(threads !== undefined && { threads }),
  })
  try {
    const result = await mergeWithin(engine, options, files, {
      ...(outputs.quarantine && {
        quarantine: { draft: outputs.quarantine.written.draft, format: outputs.quarantine.format },
      }),
      ...(outputs.state && { state: outputs.state.written.draft }),
    })
    for (const written of drafts) await written.commit()
    return result
  } finally {
    engine.close()
    for (const written of drafts) await written.discard()
  }
}

interface Drafts {
  readonly quarantine?: { readonly draft: string; readonly format: string }
  readonly state?: string
}

const shownExamples = 5

const mergeWithin = async (
  engine: ScanEngine,
  { states, schema, tool, now: given }: MergeOptions,
  files: readonly string[],
  drafts: Drafts,
): Promise<MergedValidation> => {
  const named: NamedState[] = []
  const sources: StateSource[] = []
  let parts = 0
  for (const [i, path] of states.entries()) {
    const state = await readState(engine, files[i]!, path)
    named.push({ path, state })
    sources.push({ path: files[i]!, firstPart: parts })
    parts += state.parts.length
  }
  const [first, ...more] = named as [NamedState, ...NamedState[]]
  for (const each of named) requireAlike(first, each, { schemaSha256: schema.sha256, tool })
  requireOnce(named)
  const { columns } = first.state
  const now = given ?? Math.max(...named.map(({ state }) => Date.parse(state.now))) / 1000
  const compiled = await compiledRules(schema, columns, now)
  const { rows, tables } = compiled
  const content = combineStates(
    [first, ...more],
    rows.map(({ rule }) => rule.id),
    tables,
  )
  const across = acrossRules(rows, { columns, schemaOf: schemaOfColumns(schema.columns) })
  const allRows = await openRows(engine, sources, [...across.flatMap(namesOf), ...repeatedNames(schema)])
  const repeated = await repeatedChecks(engine, schema, content.parts)
  const open = openResults(content.open)
  const leakage = leakageOfWhole(schema, content.leakage, content.parts, open)
  const labels = labelsOfWhole(schema, content.labels)
  const failures = [
    ...repeated
      .filter(({ check }) => check.verdict === 'failed')
      .map(({ check, ...sql }) => ({ rule: { id: check.id, severity: check.severity ?? 'error' }, ...sql })),
    ...failuresAlone([...leakage, ...labels.checks]),
  ]
  const rules = [{ id: readableId, severity: 'error' as const }, ...rows.map(({ rule }) => rule)]
  const merged = await mergeRows(engine, rules, across, failures)
  const counts = await countMerged(engine, merged, shownExamples)
  const paths = content.parts.map(({ path }) => path)
  if (drafts.quarantine !== undefined) {
    const written = await writeMergedQuarantine(engine, merged, paths, drafts.quarantine)
    if (written !== counts.quarantined) throw new BartizanError('INTERNAL', 'rows at fault were lost in the merge')
  }
  if (drafts.state !== undefined) await writeState(engine, drafts.state, allRows, content)
  const total = content.parts.reduce((sum, part) => sum + rowsOf(part), 0)
  return {
    kind: 'table',
    rows: { in: total, passed: total - counts.quarantined, quarantined: counts.quarantined },
    checks: [
      ...rulesOfWhole(schema, content, compiled, across, counts),
      ...repeated.map(({ check }) => check),
      ...nearOfWhole(schema, content.texts, columns.length),
      ...leakage,
      ...labels.checks,
      // What was compared with a reference beside the schema.
      ...open.filter((check) => !leakage.includes(check)),
    ],
    examples: mergedExamples(content, [...rules, ...failures.map(({ rule }) => rule)], counts),
    ...(labels.labels && { labels: labels.labels }),
    parts: content.parts,
    sha256: sha256(content.parts.map((part) => `${part.sha256}  ${part.path.replaceAll('\n', '\\n')}\n`).join('')),
    now,
    others: content.others,
  }
}
