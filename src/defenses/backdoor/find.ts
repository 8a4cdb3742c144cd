import { stream } from '../../base/random.ts'
import type { BackdoorResult, TriggerKind } from '../../contract/index.ts'
import type { AttackedModel } from '../../models/attacked-model.ts'
import { figure, median } from '../../stats/index.ts'
import { distances } from '../../threat/norm.ts'
import { gatherRows, rowsWhere } from '../../threat/rows.ts'
import { invertTriggers } from './invert.ts'
import { judgeTriggers } from './judge.ts'
import { countOf } from './towards.ts'
import { l1Of, l2Of, type Trigger, type TriggerSpace, withTrigger } from './trigger.ts'

export interface FindRequest {
  readonly model: AttackedModel
  readonly space: TriggerSpace
  readonly kind: TriggerKind
  /** Clean rows, and their classes. Half of each class is searched on, the other half judges what was found. */
  readonly x: Float32Array
  readonly labels: Int32Array
  /** Classes whose triggers are searched; default: all. The verdict compares them. */
  readonly classes?: readonly number[]
  /** Steps of the search. */
  readonly steps: number
  /** Rows of a step, for each class. */
  readonly batch: number
  readonly seed: number
  readonly progress?: (share: number) => void
}

export interface FoundTriggers {
  readonly result: BackdoorResult
  readonly triggers: ReadonlyMap<number, Trigger>
}

/**
 * Looks for a backdoor of one kind: rebuilds the smallest trigger of every class, measures it on rows that it was not
 * searched on, and judges whether one class needs a far smaller one than the rest.
 */
export const findBackdoor = async (request: FindRequest): Promise<FoundTriggers> => {
  const { model, space, kind, x, labels } = request
  const { searched, checked } = halves(labels)
  const { classes = Array.from({ length: model.classes }, (_, label) => label) } = request
  const pick = (at: Int32Array) => ({ x: gatherRows(x, at, model.size), labels: gatherRows(labels, at, 1) })
  const triggers = await invertTriggers({ ...request, ...pick(searched), classes })
  const measured = []
  for (const [label, trigger] of triggers) {
    const rows = checked.filter((row) => labels[row] !== label)
    if (rows.length === 0) continue
    const shown = withTrigger(trigger, gatherRows(x, rows, model.size), space)
    const success = figure(await countOf(model, shown, label), rows.length)
    const [l1, l2] = [l1Of(trigger, space), l2Of(trigger, space)]
    measured.push({ class: label, kind, l1, l2, size: kind === 'patch' ? l1 : l2, success })
  }
  const { verdict, target, anomalyIndex, reason, indexes } = judgeTriggers({
    kind,
    sizes: measured,
    pixels: space.pixels.length / space.grid.channels,
    distance: distanceBetween(request),
  })
  const told = measured.map(({ size: _, ...one }) => ({ ...one, anomalyIndex: indexes.get(one.class) ?? null }))
  return {
    result: {
      rows: labels.length,
      verdict,
      target,
      anomalyIndex,
      trigger: told.find((one) => one.class === target) ?? null,
      classes: told,
      reason,
    },
    triggers,
  }
}

/** Every other row of each class, so that both halves have the same classes. */
const halves = (labels: Int32Array): { readonly searched: Int32Array; readonly checked: Int32Array } => {
  const seen = new Map<number, number>()
  const order = labels.map((label) => {
    const before = seen.get(label) ?? 0
    seen.set(label, before + 1)
    return before
  })
  return {
    searched: rowsWhere(labels.length, (row) => order[row]! % 2 === 0),
    checked: rowsWhere(labels.length, (row) => order[row]! % 2 === 1),
  }
}

const pairs = 200

/** Median Euclidean distance between two rows, as a share of the range. */
const distanceBetween = ({ x, labels, seed, model: { size }, space: { low, high } }: FindRequest): number => {
  if (labels.length < 2) return 0
  const random = stream(seed, 'pairs of rows')
  const draw = (): Int32Array => Int32Array.from({ length: pairs }, () => random.integer(labels.length))
  return median([...distances('l2', gatherRows(x, draw(), size), gatherRows(x, draw(), size), size)]) / (high - low)
}
