import { stream } from '../../base/random.ts'
import type { TriggerKind } from '../../contract/index.ts'
import type { AttackedModel } from '../../models/attacked-model.ts'
import { gatherRows, rowsWhere } from '../../threat/rows.ts'
import { blendSearch } from './blend-search.ts'
import { patchSearch } from './patch-search.ts'
import type { TriggerSearch } from './search.ts'
import { towards } from './towards.ts'
import { type Trigger, type TriggerSpace, withTrigger } from './trigger.ts'

export interface InversionRequest {
  readonly model: AttackedModel
  readonly space: TriggerSpace
  readonly kind: TriggerKind
  /** Clean rows and their classes; those of a class are not used to search its own trigger. */
  readonly x: Float32Array
  readonly labels: Int32Array
  readonly classes: readonly number[]
  readonly steps: number
  /** Rows of each class's step. */
  readonly batch: number
  readonly seed: number
  readonly progress?: (share: number) => void
}

/** Values of rows that are handed to the model at once. */
const valuesAtOnce = 2 ** 22

/**
 * The smallest trigger of each class, searched side by side: one call of the model takes a step for many classes. A class
 * without rows of another is left out.
 */
export const invertTriggers = async (request: InversionRequest): Promise<ReadonlyMap<number, Trigger>> => {
  const { model, classes, batch } = request
  const together = Math.max(1, Math.floor(valuesAtOnce / (batch * model.size)))
  const found = new Map<number, Trigger>()
  for (let from = 0; from < classes.length; from += together) {
    const group = classes.slice(from, from + together)
    const progress = (share: number): void => request.progress?.((from + share * group.length) / classes.length)
    for (const [label, trigger] of await invertGroup({ ...request, classes: group, progress }))
      found.set(label, trigger)
  }
  return found
}

const invertGroup = async (request: InversionRequest): Promise<ReadonlyMap<number, Trigger>> => {
  const { model, space, kind, x, labels, steps, seed, progress } = request
  const { size } = model
  const searches = request.classes.flatMap((label) => {
    const others = rowsWhere(labels.length, (row) => labels[row] !== label)
    const search: TriggerSearch =
      kind === 'patch' ? patchSearch(space, stream(seed, 'trigger', label)) : blendSearch(space, steps)
    return others.length > 0 ? [{ label, others, search, batch: Math.min(request.batch, others.length) }] : []
  })
  const total = searches.reduce((sum, { batch }) => sum + batch, 0)
  const changed = new Float32Array(total * size)
  const aims = new Int32Array(total)
  for (let step = 0; step < steps; step++) {
    const parts = searches.map(({ label, others, search, batch }) => {
      const from = (step * batch) % others.length
      const clean = gatherRows(
        x,
        Int32Array.from({ length: batch }, (_, i) => others[(from + i) % others.length]!),
        size,
      )
      return { label, clean, search, batch, shown: withTrigger(search.trigger, clean, space) }
    })
    let at = 0
    for (const { label, shown, batch } of parts) {
      changed.set(shown, at * size)
      aims.fill(label, at, at + batch)
      at += batch
    }
    const { gradient, margin } = await towards(model, changed, aims)
    at = 0
    for (const { clean, search, batch } of parts) {
      const turned = margin.subarray(at, at + batch).reduce((sum, value) => sum + (value < 0 ? 1 : 0), 0) / batch
      search.learn({ x: clean, gradient: gradient.subarray(at * size, (at + batch) * size), turned })
      at += batch
    }
    progress?.((step + 1) / steps)
  }
  return new Map(searches.map(({ label, search }) => [label, search.best()]))
}
