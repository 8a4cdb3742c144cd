import type { ProgramSpec } from '../../../models/program.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { gatherRows, rowsWhere, toInt64 } from '../../../threat/rows.ts'
import { clamp, difference, vectorNorm } from '../rows/row-norms.ts'
import { breaksBy, hinge, hingeInputs } from './hinge.ts'
import { type SizeSearch, sizeSearch } from './size-search.ts'
import { descendTanh, type TanhState, tanhStart, tanhState } from './tanh-space.ts'

export interface ShrinkOptions {
  /** Gradient steps of a row in all. */
  readonly steps: number
  /** Steps without a success after which a size counts as out of reach. */
  readonly patience: number
  /** The next size to reach, as a share of the size reached, while no size was out of reach. */
  readonly decrease: number
  readonly learningRate: number
  readonly confidence: number
  readonly earlyStop: boolean
}

interface Searcher extends SizeSearch {
  readonly row: number
}

/**
 * Descends the hinge inside the box of half-width tau around the clean row and the range, in the box's own tanh space, and
 * moves tau whenever a row has reached it or given up on it. What w says is a position relative to the box, so a point
 * goes on from where it was as the box shrinks. A row that no point breaks keeps its clean values.
 */
export const shrinkLinf = async (context: AttackContext, options: ShrinkOptions): Promise<Float32Array> => {
  const { target, targets, rows, size, low, high, epsilon, labels, progress } = context
  const program = await target.program(stepProgram(context))
  const breaks = breaksBy(context, options.confidence)
  const best = context.x0.slice()
  let searchers = Array.from({ length: rows }, (_, row): Searcher => ({ row, ...sizeSearch(high - low, options) }))
  let x0 = context.x0
  // Where rows stand between the walls of their boxes, from -1 to 1: tanh(w).
  let place: Float32Array = x0.map((value) => start * ((2 * (value - low)) / (high - low) - 1))
  let state = tanhStart(place.map(Math.atanh))
  let aims = toInt64(targets ?? labels)
  for (let step = 0; step < options.steps && searchers.length > 0; step++) {
    const of = (value: (searcher: Searcher) => number): Float32Array => Float32Array.from(searchers, value)
    const x = new Float32Array(x0.length)
    for (const [at, { tau }] of searchers.entries()) {
      const reach = tau()
      for (let i = at * size; i < (at + 1) * size; i++) {
        const least = Math.max(low, x0[i]! - reach)
        const most = Math.min(high, x0[i]! + reach)
        x[i] = clamp((least + most + (most - least) * place[i]!) / 2, least, most)
      }
    }
    const {
      logits,
      place: moved,
      ...after
    } = await program.run(searchers.length, {
      ...state,
      x,
      x0,
      labels: aims,
      confidence: of(() => options.confidence),
      tau: of(({ tau }) => tau()),
      rate: of(() => options.learningRate),
      step: of(() => step + 1),
    })
    state = after as TanhState
    place = moved!
    const broken = breaks(
      Int32Array.from(searchers, ({ row }) => row),
      logits!,
    )
    const goesOn = (at: number): boolean => {
      const [from, to] = [at * size, (at + 1) * size]
      const { row, nearest, advance } = searchers[at]!
      const point = x.subarray(from, to)
      const reached = broken[at] ? vectorNorm('linf', difference(point, x0.subarray(from, to))) : undefined
      if (reached !== undefined && reached < nearest()) best.set(point, row * size)
      return advance(reached) && !(options.earlyStop && nearest() <= epsilon)
    }
    const kept = rowsWhere(searchers.length, goesOn)
    if (kept.length < searchers.length) {
      const { w, mean, square } = state
      place = gatherRows(place, kept, size)
      state = {
        w: gatherRows(w, kept, size),
        mean: gatherRows(mean, kept, size),
        square: gatherRows(square, kept, size),
      }
      x0 = gatherRows(x0, kept, size)
      aims = gatherRows(aims, kept, 1)
      searchers = Array.from(kept, (at) => searchers[at]!)
    }
    progress((step + 1) / options.steps)
  }
  progress(1)
  return best
}

/** How near to its walls a clean row may start in a box; tanh space is flat further out. */
const start = 0.95

const stepProgram = ({ target: { dims }, targets, low, high }: AttackContext): ProgramSpec => {
  const row = { dtype: 'float32', dims } as const
  const one = { dtype: 'float32', dims: dims.map(() => 1) } as const
  return {
    key: `cw-linf ${targets ? 'towards' : 'away'} ${low} ${high}`,
    inputs: {
      ...hingeInputs,
      x0: row,
      tau: one,
      rate: one,
      step: one,
      ...Object.fromEntries(tanhState.map((name) => [name, row])),
    },
    build: (builder) => {
      const { g, logits, input, gradient } = builder
      const [x0, tau] = [input('x0'), input('tau')]
      const half = g.mul(g.sub(g.min(g.add(x0, tau), high), g.max(g.sub(x0, tau), low)), 0.5)
      const descended = descendTanh(builder, gradient(hinge(builder, logits, targets !== undefined)), half)
      return { ...descended, place: g.tanh(descended.w), logits }
    },
  }
}
