import type { BackdoorResult } from '../../../contract/index.ts'
import {
  stripEntropies,
  stripScreen,
  type Trigger,
  type TriggerSpace,
  withTrigger,
} from '../../../defenses/backdoor/index.ts'
import type { AttackedModel } from '../../../models/attacked-model.ts'
import { gatherRows } from '../../../threat/rows.ts'

const copies = 50
const rate = 0.05
/** Clean rows that set the threshold, and as many others that are judged. */
const mostRows = 128
/** Fewer can't resolve the rate. */
const fewestRows = 40

export interface StripRequest {
  readonly model: AttackedModel
  readonly space: TriggerSpace
  readonly x: Float32Array
  readonly labels: Int32Array
  readonly target: number
  readonly trigger: Trigger
  readonly seed: number
}

/** How well STRIP tells rows with the rebuilt trigger from the same rows without it. Undefined where rows are too few. */
export const measureStrip = async (request: StripRequest): Promise<BackdoorResult['strip']> => {
  const { model, space, x, labels, target, trigger, seed } = request
  const others = [...labels.keys()].filter((row) => labels[row] !== target)
  const half = Math.min(mostRows, Math.floor(others.length / 2))
  if (half < fewestRows) return undefined
  const rows = (from: number) => gatherRows(x, Int32Array.from(others.slice(from, from + half)), model.size)
  const options = { model, pool: rows(0), copies, seed }
  const screen = stripScreen(await stripEntropies(options.pool, options), rate)
  const judged = rows(half)
  return {
    copies,
    rate,
    threshold: screen.threshold,
    clean: screen.suspicious(await stripEntropies(judged, options)),
    triggered: screen.suspicious(await stripEntropies(withTrigger(trigger, judged, space), options)),
  }
}
