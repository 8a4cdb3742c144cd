import { canonicalJson, sha256 } from '../../../base/canonical-json.ts'
import { isBartizanError } from '../../../base/errors.ts'
import { percent } from '../../report/format.ts'
import type { ClassContext } from '../class-assessment.ts'
import { inParallel } from './in-parallel.ts'
import type { PlannedAttack } from './plan.ts'
import { type MeasuredPoint, measurePoint, type PointRequest } from './point.ts'

/** Copies that are trained at once, and the bytes that their rows may have together. */
const most = { copies: 8, bytes: 2 ** 30 } as const

const notRunReasons = new Set(['ATTACK_NOT_APPLICABLE', 'GRAPH_NOT_DIFFERENTIABLE', 'MODEL_UNSUPPORTED'])

export interface Measured {
  readonly measured: MeasuredPoint
  readonly seconds: number
}

export interface AttackCurve {
  readonly planned: PlannedAttack
  readonly points: readonly Measured[]
  readonly reason?: string
}

/** Every attack at every share, so many points at a time; finished ones are kept in the run's folder. */
export const measureCurves = async (
  request: PointRequest,
  context: ClassContext,
  recipe: Readonly<Record<string, unknown>>,
  beat: { done: number; detail: string },
): Promise<readonly AttackCurve[]> => {
  const { plan, rows, seed } = request
  const reasons = new Map(plan.attacks.flatMap((one) => (one.notRun === undefined ? [] : [[one, one.notRun] as const])))
  const n = rows.training.labels.length
  const budgets = [0, ...plan.fractions]
    .map((fraction) => ({ fraction, budget: Math.floor(fraction * n + 1e-9) }))
    .filter(({ fraction, budget }) => fraction === 0 || budget > 0)
  const wanted = plan.attacks
    .filter((planned) => !reasons.has(planned))
    .flatMap((planned) => budgets.map((at) => ({ planned, at })))
  const done = new Float64Array(wanted.length)
  const tell = (job: number, share: number, detail: string): void => {
    done[job] = Math.max(done[job]!, share)
    beat.done = done.reduce((sum, part) => sum + part, 0) / wanted.length
    beat.detail = detail
    context.progress.update(beat.done, detail)
  }
  const jobs = wanted.map(({ planned, at }, job) => async (): Promise<Measured | undefined> => {
    const { attack, parameters } = planned
    const detail = `${attack.id} at ${percent(at.fraction)}`
    const inputs = {
      ...{ attack: attack.id, parameters, at, recipe, seed, rows: rows.sha256, target: plan.target },
      rate: plan.falseDiscoveryRate,
      screens: plan.screens.map((one) => [one.screen.id, one.parameters]),
    }
    const name = `poisoned-${sha256(canonicalJson(inputs)).slice(0, 16)}`
    const kept = await context.store.load<Measured>(name)
    if (kept) {
      tell(job, 1, detail)
      return kept
    }
    if (reasons.has(planned)) return undefined
    const began = performance.now()
    try {
      const measured = await measurePoint(planned, at, request, (share) => tell(job, share, detail))
      const result = { measured, seconds: (performance.now() - began) / 1000 }
      await context.store.save(name, result)
      return result
    } catch (error) {
      if (!isBartizanError(error) || !notRunReasons.has(error.code)) throw error
      reasons.set(planned, error.message)
      return undefined
    } finally {
      done[job] = 1
    }
  })
  const bytes = rows.training.x.byteLength
  const atOnce = Math.max(1, Math.min(context.threads, most.copies, Math.floor(most.bytes / Math.max(1, bytes))))
  const measured = await inParallel(jobs, atOnce)
  return plan.attacks.map((planned) => {
    const reason = reasons.get(planned)
    return {
      planned,
      points: measured.flatMap((point, job) => (point && wanted[job]!.planned === planned ? [point] : [])),
      ...(reason !== undefined && { reason }),
    }
  })
}
