import { argmaxRows } from '../../../base/argmax.ts'
import { stream } from '../../../base/random.ts'
import type { Figure, PoisonedPoint, ScreenedPoint } from '../../../contract/index.ts'
import { figure } from '../../../stats/index.ts'
import type { LabelledRows, PoisonContext, Poisoned } from '../../../threat/poisoning.ts'
import { gatherRows } from '../../../threat/rows.ts'
import { targetOf } from '../../../threat/target.ts'
import type { FileSubject } from '../../opened-subject.ts'
import type { Copies, Copy } from './copies.ts'
import type { PlannedAttack, PoisoningPlan } from './plan.ts'
import type { PoisoningRows } from './rows.ts'
import type { Screening } from './screening.ts'

export interface PointRequest {
  readonly rows: PoisoningRows
  readonly plan: PoisoningPlan
  readonly subject: FileSubject
  readonly seed: number
  readonly copies: Copies
  readonly screening: Screening
}

/** A point of the curve, and what the user should know of how it was made. */
export interface MeasuredPoint {
  readonly point: PoisonedPoint
  readonly notes: readonly string[]
  /** What went wrong in the training of a copy. */
  readonly failed: readonly string[]
}

/**
 * Poisons so many rows, trains a copy on them, judges it, and does the same with what each screen leaves. `told`: called
 * with the share of all copies of this point that is done.
 */
export const measurePoint = async (
  planned: PlannedAttack,
  { fraction, budget }: { readonly fraction: number; readonly budget: number },
  request: PointRequest,
  told: (done: number) => void,
): Promise<MeasuredPoint> => {
  const { rows, plan, copies, screening } = request
  const { training } = rows
  const { context, poisoned } = await poisonedRows(planned, budget, request, told)
  const set = { x: poisoned.x, labels: poisoned.labels }
  const judge = judgeFor(planned, context, poisoned, request)
  const parts = 1 + plan.screens.length
  const copy = await copies.train(set, (done) => told(done / parts))
  const judged = await judge(copy)
  const bad = new Set(poisoned.poisoned)
  const failed = copy.failed === undefined ? [] : [copy.failed]
  const screens: ScreenedPoint[] = []
  for (const [i, each] of plan.screens.entries()) {
    const { verdict, reason, flagged } = await screening(each, set, copy)
    const found = flagged.filter((row) => bad.has(row)).length
    const left = leftOver(set, flagged, training.x.length / training.labels.length)
    const after =
      flagged.length === 0 ? copy : left && (await copies.train(left, (done) => told((1 + i + done) / parts)))
    if (after && after !== copy && after.failed !== undefined) failed.push(`after ${each.screen.id}: ${after.failed}`)
    const figures = after === copy ? judged : after && (await judge(after))
    screens.push({
      screen: each.screen.id,
      verdict,
      flagged: flagged.length,
      precision: flagged.length === 0 ? null : figure(found, flagged.length),
      recall: bad.size === 0 ? null : figure(found, bad.size),
      reason,
      accuracy: figures?.accuracy ?? null,
      success: figures?.success ?? null,
    })
    told((2 + i) / parts)
  }
  return {
    point: { fraction, poisoned: bad.size, ...judged, screens },
    notes: poisoned.notes ?? [],
    failed,
  }
}

const poisonedRows = async (
  { attack, parameters }: PlannedAttack,
  budget: number,
  { rows, plan, subject, seed }: PointRequest,
  told: (done: number) => void,
) => {
  const [low, high] = subject.input.range
  const context: PoisonContext = {
    ...rows.training,
    dims: subject.file!.input.dims,
    size: subject.file!.size,
    classes: subject.file!.classes,
    budget,
    target: plan.target,
    judged: rows.judged,
    low,
    high,
    random: (...key) => stream(seed, attack.id, ...key),
    model: subject.file,
    constraints: subject.constraints,
    progress: () => told(0),
  }
  return { context, poisoned: await attack.poison(context, parameters) }
}

interface Judged {
  readonly accuracy: Figure
  readonly success: Figure | null
}

const judgeFor = (
  { attack, parameters }: PlannedAttack,
  context: PoisonContext,
  poisoned: Poisoned,
  { rows: { judged }, copies, plan: { target } }: PointRequest,
) => {
  const everyOther = Int32Array.from(judged.labels.keys()).filter((row) => judged.labels[row] !== target)
  const victims = attack.aim === 'availability' ? new Int32Array() : (poisoned.victims ?? everyOther)
  const clean = gatherRows(judged.x, victims, context.size)
  const sent = attack.trigger && victims.length > 0 ? attack.trigger(context, clean, parameters) : clean
  return async (copy: Copy): Promise<Judged> => {
    const model = await copies.open(copy)
    try {
      const predict = async (x: Float32Array, rows: number): Promise<Int32Array> =>
        argmaxRows(await targetOf(model, 'scores').logits(x, rows), model.classes)
      const predicted = await predict(judged.x, judged.labels.length)
      const right = predicted.filter((label, row) => label === judged.labels[row]).length
      const turned =
        victims.length === 0 ? 0 : (await predict(sent, victims.length)).filter((label) => label === target).length
      return {
        accuracy: figure(right, judged.labels.length),
        success: victims.length === 0 ? null : figure(turned, victims.length),
      }
    } finally {
      await model.release()
    }
  }
}

/** What a screen left; undefined where that is nothing. */
const leftOver = ({ x, labels }: LabelledRows, flagged: Int32Array, size: number): LabelledRows | undefined => {
  const gone = new Set(flagged)
  const at = Int32Array.from(labels.keys()).filter((row) => !gone.has(row))
  return at.length === 0 ? undefined : { x: gatherRows(x, at, size), labels: at.map((row) => labels[row]!) }
}
