import { type AttackContext, defineAttack } from '../../../threat/attack.ts'
import { fittingParameters } from '../../../threat/fitting.ts'
import { gatherRows } from '../../../threat/rows.ts'
import { type Grid, gridOf } from '../rows/grid.ts'
import { drawPlace, lay, type Placed, placedWithin, pullBack, type Spread } from './patch-placing.ts'

/** Rows that one step looks at. */
const rowsAStep = 64
const [decay1, decay2, tiny] = [0.9, 0.999, 1e-8]

/**
 * One square patch for all rows, made from some rows of the set so that it works wherever it is put, turned and scaled;
 * then laid on each of the others at a place of its own. The budget is the share of the picture that it may cover; where
 * that is less than a pixel, there is no patch.
 */
export const patch = defineAttack({
  id: 'patch',
  title: 'Adversarial patch: the same square for every row, anywhere on it',
  reference: 'Brown et al. 2017, arXiv:1712.09665',
  access: 'gradients',
  domain: 'images',
  tasks: ['classification', 'multi-label'],
  norms: ['patch'],
  parameters: {
    steps: { kind: 'integer', default: 200, min: 1, help: 'steps in which the patch is made' },
    'step-size': { kind: 'number', default: 0.05, min: 0, help: "Adam's rate, as a share of the input range" },
    degrees: { kind: 'number', default: 22.5, min: 0, max: 180, help: 'largest rotation, either way' },
    scale: { kind: 'number', default: 0.8, min: 0.05, max: 1, help: 'smallest scale of the patch; the largest is 1' },
    ...fittingParameters,
  },
  makes: 'patch',
  fit: (context, { steps, 'step-size': share, degrees, scale }) =>
    makePatch(context, { steps, rate: share * (context.high - context.low), spread: { degrees, scale } }),
  async run({ x0, rows, size, target, epsilon, random, fitted }, { degrees, scale }) {
    const grid = gridOf(target.dims)
    const x = x0.slice()
    const sizes = new Float64Array(rows)
    const side = sideOf(grid, epsilon)
    if (side === 0) return { x, sizes }
    for (let row = 0; row < rows; row++) {
      const drawn = drawPlace(grid, side, { degrees, scale }, random(row, 'place'))
      const place = placedWithin(grid, resolutionOf(grid, fitted!), drawn, side * side)
      lay(x.subarray(row * size, (row + 1) * size), grid, fitted!, place)
      sizes[row] = place.pixels.length / (grid.height * grid.width)
    }
    return { x, sizes }
  },
})

/** Side of the patch at its largest: the largest, in whole pixels, whose square is no more than that share of the picture, and fits it. */
export const sideOf = ({ height, width }: Grid, share: number): number =>
  Math.min(Math.floor(Math.sqrt(share * height * width) + 1e-9), height, width)

const resolutionOf = ({ channels }: Grid, patch: Float32Array): number => Math.round(Math.sqrt(patch.length / channels))

interface Making {
  readonly steps: number
  readonly rate: number
  readonly spread: Spread
}

const makePatch = async (context: AttackContext<'patch'>, { steps, rate, spread }: Making): Promise<Float32Array> => {
  const { target, goal, x0, rows, size, epsilon, low, high, random, progress } = context
  const grid = gridOf(target.dims)
  const side = sideOf(grid, epsilon)
  const program = await target.program({
    key: `gradient of the loss ${goal.key}`,
    inputs: goal.inputs,
    build: (builder) => ({ dX: builder.gradient(goal.loss(builder, builder.logits)) }),
  })
  const values = new Float32Array(grid.channels * side * side).fill((low + high) / 2)
  const [first, second] = [new Float64Array(values.length), new Float64Array(values.length)]
  if (side === 0 || rows === 0) return values
  for (let step = 1; step <= steps; step++) {
    const from = ((step - 1) * rowsAStep) % rows
    const part = Int32Array.from({ length: Math.min(rowsAStep, rows) }, (_, i) => (from + i) % rows)
    const x = gatherRows(x0, part, size)
    const places: Placed[] = []
    for (const [i, row] of part.entries()) {
      const place = placedWithin(grid, side, drawPlace(grid, side, spread, random(row, 'made', step)), side * side)
      lay(x.subarray(i * size, (i + 1) * size), grid, values, place)
      places.push(place)
    }
    const { dX } = await program.run(part.length, { x, ...goal.feeds(part, 0) })
    const gradient = new Float64Array(values.length)
    for (const [i, place] of places.entries()) pullBack(dX!.subarray(i * size, (i + 1) * size), grid, gradient, place)
    for (let j = 0; j < values.length; j++) {
      first[j] = decay1 * first[j]! + (1 - decay1) * gradient[j]!
      second[j] = decay2 * second[j]! + (1 - decay2) * gradient[j]! ** 2
      const move = first[j]! / (1 - decay1 ** step) / (Math.sqrt(second[j]! / (1 - decay2 ** step)) + tiny)
      values[j] = Math.min(Math.max(values[j]! + rate * move, low), high)
    }
    progress(step / steps)
  }
  return values
}
