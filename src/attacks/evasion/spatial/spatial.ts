import { type AttackContext, type Candidates, defineAttack, type Move } from '../../../threat/attack.ts'
import { rowsWhere } from '../../../threat/rows.ts'
import { gridOf } from '../rows/grid.ts'
import { placements } from './placements.ts'
import { warp } from './warp.ts'

/**
 * Rotations and shifts of each picture, the smallest first, until one breaks it: worst case by exhausting the grid, for
 * every row by itself. The budget is the share of the largest rotation and shift that may be used.
 */
export const spatial = defineAttack({
  id: 'spatial',
  title: 'Rotations and shifts, each row by exhausting a grid',
  reference: 'Engstrom et al. 2019, arXiv:1712.02779',
  access: 'labels',
  domain: 'images',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['spatial'],
  minimal: true,
  parameters: {
    degrees: { kind: 'number', default: 30, min: 0, max: 180, help: 'largest rotation, either way' },
    shift: { kind: 'number', default: 0.1, min: 0, max: 1, help: 'largest shift, as a share of each side' },
    rotations: {
      kind: 'integer',
      default: 31,
      min: 1,
      help: 'rotations on the grid; an odd number has none at all too',
    },
    shifts: { kind: 'integer', default: 5, min: 1, help: 'shifts on the grid along each side' },
    fill: {
      kind: 'choice',
      default: 'low',
      choices: ['low', 'edge'],
      help: 'what comes in: the lowest value, or the edge',
    },
  },
  run(context, { degrees, shift, rotations, shifts, fill }) {
    const { height, width } = gridOf(context.target.dims)
    const [down, right] = [shift * height, shift * width]
    return exhaust(
      context,
      placements({ degrees, down, right, rotations, shifts }),
      fill === 'low' ? context.low : 'edge',
    )
  },
})

const exhaust = async (
  { x0, rows, size, epsilon, target, goal, progress }: AttackContext<'spatial'>,
  grid: ReturnType<typeof placements>,
  fill: 'edge' | number,
): Promise<Candidates> => {
  const x = x0.slice()
  const sizes = new Float64Array(rows)
  const queries = new Int32Array(rows)
  const moves = new Array<Move | undefined>(rows).fill(undefined)
  const tried = grid.filter(({ share }) => share <= epsilon)
  let open = rowsWhere(rows, () => true)
  const batch = new Float32Array(rows * size)
  for (const [number, placement] of tried.entries()) {
    if (open.length === 0) break
    const moved = batch.subarray(0, open.length * size)
    warp(x0, open, gridOf(target.dims), placement, { fill, into: moved })
    const broken = await target.decide(goal, moved, open)
    for (const [i, row] of open.entries()) {
      if (broken[i] !== 1) continue
      x.set(moved.subarray(i * size, (i + 1) * size), row * size)
      sizes[row] = placement.share
      queries[row] = number + 1
      moves[row] = { degrees: placement.degrees, down: placement.down, right: placement.right }
    }
    open = open.filter((_, i) => broken[i] !== 1)
    progress((number + 1) / tried.length)
  }
  progress(1)
  return { x, sizes, queries, moves }
}
