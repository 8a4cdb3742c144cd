import type { EvasionResult, Example, Probe } from '../contract/index.ts'
import { fileDigest, npyWriter, readNpy } from '../data/index.ts'
import { targetOf } from '../threat/target.ts'
import { attackData } from './attack-run.ts'
import type { PlannedProbe } from './battery.ts'
import type { ProbeRecord } from './probe-record.ts'
import type { RunStore } from './run-store.ts'
import type { Subject } from './subject.ts'

export interface ProbeOptions {
  readonly subject: Subject
  readonly store: RunStore
  readonly seed: number
  progress(done: number): void
}

/** How many examples a probe shows. */
const shown = 6

/** Runs a probe and keeps its record and its adversarial rows; a finished one is read back. */
export const runProbe = async (probe: PlannedProbe, options: ProbeOptions): Promise<ProbeRecord> => {
  const { subject, store, seed, progress } = options
  const kept = await store.load<ProbeRecord>(probe.id)
  if (kept && (await fileDigest(examplesPath(store, probe.id)).catch(() => undefined)) === kept.examples) return kept
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
    parameters: probe.parameters,
    seed,
    rows,
    progress,
    onChunk: ({ adversarial }) => writer.append(adversarial),
  }).catch(async (error: unknown) => {
    await writer.discard()
    throw error
  })
  await writer.commit()
  const outcome = {
    right: run.perRow.clean.map((predicted, row) => predicted === run.perRow.labels[row]),
    broken: run.perRow.broken,
    after: run.perRow.after,
    distances: run.perRow.distances,
  }
  const result: EvasionResult = {
    rows: run.rows,
    cleanAccuracy: run.cleanAccuracy,
    robustAccuracy: run.robustAccuracy,
    distance: run.distance,
    queries: run.queries,
  }
  const record: ProbeRecord = {
    id: probe.id,
    attack: probe.attack.id,
    access: probe.attack.access,
    norm: probe.norm,
    epsilon: probe.epsilon,
    params: probe.parameters,
    result,
    outcome,
    examples: await fileDigest(examplesPath(store, probe.id)),
    worst: await worstExamples(options, outcome, run.perRow.labels, examplesPath(store, probe.id)),
    seconds: (performance.now() - started) / 1000,
  }
  await store.save(probe.id, record)
  return record
}

export const examplesPath = (store: RunStore, id: string): string => store.path(`${id}.npy`)

/** The rows that were turned with the greatest confidence. */
const worstExamples = async (
  { subject }: ProbeOptions,
  outcome: ProbeRecord['outcome'],
  labels: readonly number[],
  path: string,
): Promise<Probe['worst']> => {
  const { model, set } = subject
  const broken = [...outcome.broken.keys()].filter((row) => outcome.broken[row])
  if (broken.length === 0) return []
  const { data } = await readNpy(path)
  const values = data as Float32Array
  const rows = Float32Array.from(
    broken.flatMap((row) => [...values.subarray(row * model.size, (row + 1) * model.size)]),
  )
  const logits = await targetOf(model, 'scores').logits(rows, broken.length)
  const examples = broken.map((row, i): Example & { at: number } => {
    const scores = logits.subarray(i * model.classes, (i + 1) * model.classes)
    return {
      at: row,
      row: set.offset + row,
      label: labels[row]!,
      predicted: outcome.after[row]!,
      confidence: softmaxAt(scores, outcome.after[row]!),
      distance: outcome.distances[row]!,
    }
  })
  examples.sort((a, b) => b.confidence - a.confidence || a.row - b.row)
  return Promise.all(
    examples
      .slice(0, shown)
      .map(async ({ at, ...example }) => ({ ...example, ...(await changedColumns(subject, at, values)) })),
  )
}

const softmaxAt = (scores: Float32Array, index: number): number => {
  const largest = Math.max(...scores)
  const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0)
  return Math.exp(scores[index]! - largest) / total
}

/** For tables: what changed most, by name. */
const changedColumns = async (
  { set, model }: Subject,
  row: number,
  values: Float32Array,
): Promise<Pick<Example, 'changes'>> => {
  if (!set.columns) return {}
  const { x } = await set.read(row, row + 1)
  const changes = set.columns.map((column, i) => ({
    column,
    before: Number(x[i]),
    after: values[row * model.size + i]!,
  }))
  const size = (c: (typeof changes)[number]): number => Math.abs(c.after - c.before)
  return {
    changes: changes
      .filter((c) => size(c) > 0)
      .sort((a, b) => size(b) - size(a))
      .slice(0, 5),
  }
}
