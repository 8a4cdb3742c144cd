import { isBartizanError } from '../../../base/errors.ts'
import { stream } from '../../../base/random.ts'
import type { Classifier } from '../../../models/classifier.ts'
import { featuresAt } from '../../../models/features.ts'
import type { LabelledRows } from '../../../threat/poisoning.ts'
import { gatherRows } from '../../../threat/rows.ts'
import type { ScreenContext, ScreenResult } from '../../../threat/screen.ts'
import { targetOf } from '../../../threat/target.ts'
import { type Copies, type Copy, digestOfRows } from './copies.ts'
import type { PlannedScreen } from './plan.ts'

export type Screened = Pick<ScreenResult, 'verdict' | 'reason' | 'flagged'>

/** Screens sets of rows with the copy that learned from them; the same rows once, however many ask. */
export type Screening = (planned: PlannedScreen, rows: LabelledRows, copy: Copy) => Promise<Screened>

interface ScreeningRequest {
  readonly copies: Copies
  readonly classes: number
  readonly falseDiscoveryRate: number
  readonly seed: number
  /** Called now and then; may throw to stop the work. */
  readonly alive: () => void
}

export const openScreening = (request: ScreeningRequest): Screening => {
  const done = new Map<string, Promise<Screened>>()
  return (planned, rows, copy) => {
    const key = `${planned.screen.id} ${digestOfRows(rows)}`
    const begun = done.get(key) ?? screened(planned, rows, copy, request)
    done.set(key, begun)
    return begun
  }
}

const screened = async (
  { screen, parameters }: PlannedScreen,
  rows: LabelledRows,
  copy: Copy,
  request: ScreeningRequest,
): Promise<Screened> => {
  const model = await request.copies.open(copy)
  try {
    const context = await contextOf(screen.id, rows, model, request)
    const missing = screen.needs.find((need) => context[need] === undefined)
    if (missing !== undefined)
      return {
        verdict: 'cannot tell',
        reason: `it needs ${missing}, which there are none of`,
        flagged: new Int32Array(),
      }
    const { verdict, reason, flagged } = await screen.run(context, parameters)
    return { verdict, reason, flagged: verdict === 'flagged' ? flagged : new Int32Array() }
  } finally {
    await model.release()
  }
}

const contextOf = async (
  id: string,
  { x, labels }: LabelledRows,
  model: Classifier,
  { copies, classes, falseDiscoveryRate, seed, alive }: ScreeningRequest,
): Promise<ScreenContext> => {
  const rows = labels.length
  const features = await featuresAt({ model }, x, rows).catch((error: unknown) => {
    // Networks without a last linear layer: screens that need features say so.
    if (isBartizanError(error, 'MODEL_UNSUPPORTED')) return undefined
    throw error
  })
  return {
    x,
    rows,
    size: model.size,
    labels,
    classes,
    ...(features && { features: { values: features, width: features.length / rows } }),
    logits: await targetOf(model, 'scores').logits(x, rows),
    model,
    train: async (at) => {
      const some = { x: gatherRows(x, at, model.size), labels: at.map((row) => labels[row]!) }
      return copies.open(await copies.train(some, alive))
    },
    falseDiscoveryRate,
    random: (...key) => stream(seed, 'screen', id, ...key),
    progress: alive,
  }
}
