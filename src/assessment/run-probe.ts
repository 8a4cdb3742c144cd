import { rm } from 'node:fs/promises'
import { sha256 } from '../base/canonical-json.ts'
import { encode } from '../data/dtype.ts'
import { fileDigest, npyWriter, readNpy, writeNpy } from '../data/index.ts'
import { attackData } from './attack-run.ts'
import type { PlannedProbe } from './battery.ts'
import { isCorruption } from './corruptions/summary.ts'
import { evasionResultOf } from './evasion-result.ts'
import type { ProbeRecord } from './probe-record.ts'
import type { RunStore } from './run-store.ts'
import type { Subject } from './subject.ts'
import { worstExamples } from './worst-examples.ts'

export interface ProbeOptions {
  readonly subject: Subject
  readonly store: RunStore
  readonly seed: number
  progress(done: number): void
}

/**
 * Runs a probe and keeps its record and its adversarial rows; a finished one is read back. Rows that are broken already
 * are not attacked and don't count: there must be others.
 */
export const runProbe = async (
  probe: PlannedProbe,
  options: ProbeOptions,
  alreadyBroken: ReadonlySet<number> = new Set(),
): Promise<ProbeRecord> => {
  const { subject, store, seed, progress } = options
  const kept = await store.load<ProbeRecord>(probe.id)
  const examples = () => fileDigest(examplesPath(store, probe.id)).catch(() => undefined)
  if (kept && (!keepsExamples(probe) || (await examples()) === kept.examples) && (await fittedIsKept(kept, store)))
    return kept
  const { model, set, input } = subject
  const rows = Math.min(probe.rows, set.rows)
  const started = performance.now()
  const writer = await npyWriter(examplesPath(store, probe.id), { dtype: 'float32', shape: [rows, ...set.shape] })
  const run = await attackData({
    set,
    model,
    attack: probe.attack,
    norm: probe.norm,
    epsilon: probe.epsilon,
    low: input.range[0],
    high: input.range[1],
    levels: input.levels,
    parameters: probe.parameters,
    seed,
    rows,
    progress,
    task: subject.task,
    surrogates: subject.surrogates,
    constraints: subject.constraints,
    units: subject.units,
    alreadyBroken,
    onChunk: ({ adversarial }) => writer.append(adversarial),
  }).catch(async (error: unknown) => {
    await writer.discard()
    throw error
  })
  await writer.commit()
  const { fitted, fittedValues } = run
  if (fitted && fittedValues)
    await writeNpy(fittedPath(store, probe.id), { dtype: 'float32', shape: fitted.shape, data: fittedValues })
  const outcome = {
    right: run.perRow.right,
    broken: run.perRow.broken,
    after: run.perRow.after,
    distances: run.perRow.distances,
    brokenAfter: run.perRow.brokenAfter,
    ...(run.perRow.outside.length > 0 && { outside: run.perRow.outside }),
    ...(run.perRow.apart.length > 0 && { apart: run.perRow.apart }),
    ...(probe.standing && { alreadyBroken: [...alreadyBroken].sort((a, b) => a - b) }),
  }
  const record: ProbeRecord = {
    id: probe.id,
    attack: probe.attack.id,
    access: probe.attack.access,
    norm: probe.norm,
    epsilon: probe.epsilon,
    params: probe.parameters,
    result: evasionResultOf(run),
    outcome,
    examples: await fileDigest(examplesPath(store, probe.id)),
    worst: await worstExamples(subject, run.perRow, examplesPath(store, probe.id)),
    seconds: (performance.now() - started) / 1000,
  }
  if (!keepsExamples(probe)) await rm(examplesPath(store, probe.id), { force: true })
  await store.save(probe.id, record)
  return record
}

/** Corrupted rows are not kept: there are many, and the seed makes the same ones again. Their digest is. */
export const keepsExamples = (probe: Pick<PlannedProbe, 'norm'>): boolean => !isCorruption(probe)

/** Where what an attack made for all rows is kept. */
export const fittedPath = (store: RunStore, id: string): string => store.path(`${id}.fitted.npy`)

const fittedIsKept = async ({ id, result }: ProbeRecord, store: RunStore): Promise<boolean> => {
  if (!result.fitted) return true
  const kept = await readNpy(fittedPath(store, id)).catch(() => undefined)
  return kept !== undefined && sha256(encode(kept.data)) === result.fitted.sha256
}

export const examplesPath = (store: RunStore, id: string): string => store.path(`${id}.npy`)
