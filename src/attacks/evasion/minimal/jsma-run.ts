import type { ProgramSpec } from '../../../models/program.ts'
import { ofLabel } from '../../../onnx/losses.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { classLabels, packRows } from '../rows/pack-rows.ts'
import { clamp } from '../rows/row-norms.ts'
import { bestPair } from './saliency.ts'

export interface SaliencyOptions {
  /** How far a chosen feature moves, as a share of the range and with its sign. */
  readonly theta: number
  /** Features that may change. */
  readonly most: number
}

/** One row's search. */
interface Searcher {
  readonly row: number
  readonly x0: Float32Array
  readonly x: Float32Array
  /** The class to reach, or the one to leave. */
  readonly aim: number
}

/**
 * Moves the best pair of features, again and again, until the row breaks (its point is kept), no pair serves or too many
 * features have changed (it keeps its clean values). Every move takes a whole step of at least one feature towards one
 * end of the range, so each row ends.
 */
export const moveSalientPairs = async (
  context: AttackContext,
  { theta, most }: SaliencyOptions,
): Promise<Float32Array> => {
  const { x0, rows, size, low, high, goal, labels, targets, progress } = context
  const program = await context.target.program(slopes)
  const move = pairMover({ step: theta * (high - low), towards: targets !== undefined, low, high, most })
  const result = x0.slice()
  let open = Array.from({ length: rows }, (_, row): Searcher => {
    const clean = x0.subarray(row * size, (row + 1) * size)
    return { row, x0: clean, x: clean.slice(), aim: targets?.[row] ?? labels[row]! }
  })
  while (open.length > 0) {
    const { logits, ofAim, ofAll } = await program.run(open.length, {
      x: packRows(open),
      aims: classLabels(open, ({ aim }) => aim),
    })
    const broken = goal.broken(
      Int32Array.from(open, ({ row }) => row),
      logits!,
    )
    for (const [at, { row, x }] of open.entries()) if (broken[at]) result.set(x, row * size)
    open = open.filter((searcher, at) => {
      const [from, to] = [at * size, (at + 1) * size]
      return !broken[at] && move(searcher, ofAim!.subarray(from, to), ofAll!.subarray(from, to))
    })
    progress(1 - open.length / rows)
  }
  progress(1)
  return result
}

const slopes: ProgramSpec = {
  key: 'jsma',
  inputs: { aims: { dtype: 'int64', dims: [] } },
  build: ({ g, logits, input, gradient }) => ({
    logits,
    ofAim: gradient(ofLabel(g, logits, input('aims'))),
    ofAll: gradient(g.reduceSum(logits, [1])),
  }),
}

interface Moves {
  /** In input units, with its sign. */
  readonly step: number
  readonly towards: boolean
  readonly low: number
  readonly high: number
  readonly most: number
}

/** Moves a row's best pair; false where there is none, or more features have changed than may. */
const pairMover =
  ({ step, towards, low, high, most }: Moves) =>
  ({ x, x0 }: Searcher, ofAim: Float32Array, ofAll: Float32Array): boolean => {
    // Away from a class all signs turn: its logit falls, and all others rise together.
    const sign = towards === step > 0 ? 1 : -1
    const [gain, loss] = [new Float64Array(x.length), new Float64Array(x.length)]
    const open: number[] = []
    for (let i = 0; i < x.length; i++) {
      gain[i] = sign * ofAim[i]!
      loss[i] = sign * (ofAim[i]! - ofAll[i]!)
      const room = step > 0 ? x[i]! < high : x[i]! > low
      if (room && Number.isFinite(gain[i]! * loss[i]!)) open.push(i)
    }
    const pair = bestPair(gain, loss, open)
    if (!pair) return false
    const { first, second } = pair
    const before = [x[first], x[second]]
    for (const i of [first, second]) x[i] = clamp(x[i]! + step, low, high)
    // A step that float32 can't add would be taken for ever.
    if (x[first] === before[0] && x[second] === before[1]) return false
    return x.reduce((count, value, i) => count + Number(value !== x0[i]), 0) <= most
  }
