import { subset } from '../attacks/evasion/rows/subset.ts'
import { attacks } from '../attacks/index.ts'
import type { Norm, Params, TransferMatrix } from '../contract/index.ts'
import type { AttackedModel } from '../models/attacked-model.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { taskMisfit } from '../threat/domain.ts'
import { isNorm } from '../threat/norm.ts'
import { resolveParameters } from '../threat/parameters.ts'
import { rowsWhere } from '../threat/rows.ts'
import { attackData } from './attack-run.ts'
import { type PlannedProbe, shortNumber, type threatNorms } from './battery.ts'
import type { ProbeOptions } from './run-probe.ts'
import type { Subject } from './subject.ts'

/** Rows that a matrix is measured on, from the first. */
const matrixRows = 256

const transfer = attacks.get('transfer')!

/** One matrix to measure. */
interface PlannedMatrix {
  readonly norm: Norm
  readonly epsilon: number
  readonly params: Params
}

/** A matrix for every budget that transfer works in, with the parameters of its probe where there is one. */
export const planMatrices = (
  { surrogates = [], task }: Pick<Subject, 'surrogates' | 'task'>,
  norms: ReturnType<typeof threatNorms>,
  plan: readonly PlannedProbe[],
): readonly PlannedMatrix[] => {
  if (surrogates.length === 0 || taskMisfit(transfer.tasks, task?.kind ?? 'classification') !== undefined) return []
  return norms.flatMap(({ norm, epsilon }) => {
    if (!isNorm(norm) || !transfer.norms.includes(norm)) return []
    return [...epsilon]
      .sort((a, b) => a - b)
      .map((budget) => {
        const probe = plan.find((p) => p.attack === transfer && p.norm === norm && p.epsilon === budget)
        return {
          norm,
          epsilon: budget,
          params: probe?.parameters ?? resolveParameters('transfer', transfer.parameters),
        }
      })
  })
}

/**
 * Crafts rows on each surrogate, and on all together where there are several, and judges them on the model and on each
 * surrogate, as any attack is judged: a model's robust accuracy counts the rows that it got right and still does.
 */
export const transferMatrix = async (
  { norm, epsilon, params }: PlannedMatrix,
  { subject, store, seed, progress }: ProbeOptions,
  named: (path: string) => string,
): Promise<TransferMatrix> => {
  const { model, set, input, surrogates = [], constraints, task } = subject
  const name = `transfer-matrix-${norm}-${shortNumber(epsilon)}`
  const kept = await store.load<TransferMatrix>(name)
  if (kept) return kept
  const models: readonly AttackedModel[] = [model, ...surrogates]
  const alone = surrogates.map((_, i) => [i + 1])
  const sources = surrogates.length > 1 ? [...alone, alone.flat()] : alone
  let clean: TransferMatrix['clean'] = []
  const crafted: TransferMatrix['crafted'][number][] = []
  for (const [row, on] of sources.entries()) {
    const attack = remembering(transfer)
    const runs = []
    for (const [column, judged] of models.entries()) {
      const run = await attackData({
        set,
        model: judged,
        task,
        attack,
        norm,
        epsilon,
        low: input.range[0],
        high: input.range[1],
        levels: input.levels,
        parameters: params,
        seed,
        rows: matrixRows,
        surrogates: on.map((i) => surrogates[i - 1]!),
        constraints,
        progress: (done) => progress((row + (column + done) / models.length) / sources.length),
      })
      runs.push(run)
    }
    clean = runs.map(({ cleanAccuracy }) => cleanAccuracy)
    crafted.push({ on, robust: runs.map(({ robustAccuracy }) => robustAccuracy) })
  }
  const matrix: TransferMatrix = {
    norm,
    epsilon,
    params,
    models: models.map(({ path, sha256 }) => ({ name: named(path), sha256 })),
    clean,
    crafted,
  }
  await store.save(name, matrix)
  return matrix
}

/**
 * The same attack, made once a row: which rows are attacked depends on who judges, and what is made of a row doesn't.
 * Rows are known again by their values and label.
 */
const remembering = (attack: AnyAttack): AnyAttack => {
  const made = new Map<string, Float32Array>()
  return {
    ...attack,
    async run(context, parameters) {
      const { x0, rows, size, labels, progress } = context
      const keys = Array.from({ length: rows }, (_, row) => {
        const clean = x0.subarray(row * size, (row + 1) * size)
        return `${labels[row]} ${Buffer.from(clean.buffer, clean.byteOffset, clean.byteLength).toString('latin1')}`
      })
      const missing = rowsWhere(rows, (row) => !made.has(keys[row]!))
      if (missing.length > 0) {
        const { x } = await attack.run(subset(context, missing, undefined, progress), parameters)
        for (const [i, row] of missing.entries()) made.set(keys[row]!, x.slice(i * size, (i + 1) * size))
      }
      const x = new Float32Array(rows * size)
      for (const [row, key] of keys.entries()) x.set(made.get(key)!, row * size)
      return { x }
    },
  }
}
