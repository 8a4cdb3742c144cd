import type { Random } from '../../../base/random.ts'
import { type Grid, visitWindow, type Window } from '../rows/grid.ts'
import { projectL1Box } from '../rows/l1-projection.ts'
import { clamp, withinBounds } from '../rows/row-norms.ts'
import { type BumpNorm, bumps, massOf } from './square-bumps.ts'
import { placeWindow, windowSides } from './square-schedule.ts'

/** Where a row may move, and the picture it is. */
export interface Canvas {
  readonly grid: Grid
  readonly x0: Float32Array
  readonly epsilon: number
  readonly low: number
  readonly high: number
}

/** How Square draws points in a norm; both write to `out`. */
export interface Proposals {
  start(canvas: Canvas, random: Random, out: Float32Array): void
  /** Changes `best` in a window of this share of the pixels. False where the change leaves it as it is. */
  next(canvas: Canvas, best: Float32Array, share: number, random: Random, out: Float32Array): boolean
}

const coin = (random: Random): number => (random.integer(2) === 0 ? -1 : 1)

/** Vertical stripes of ± epsilon; then windows of ± epsilon, one sign a channel. */
const linf: Proposals = {
  start({ grid, x0, epsilon, low, high }, random, out) {
    for (let channel = 0; channel < grid.channels; channel++)
      for (let left = 0; left < grid.width; left++) {
        const change = coin(random) * epsilon
        visitWindow(grid, channel, { top: 0, left, height: grid.height, width: 1 }, (at) => {
          out[at] = clamp(x0[at]! + change, low, high)
        })
      }
  },
  next({ grid, x0, epsilon, low, high }, best, share, random, out) {
    const window = placeWindow(grid, windowSides(grid, share, false), random)
    let changed = false
    out.set(best)
    for (let channel = 0; channel < grid.channels; channel++) {
      const change = coin(random) * epsilon
      visitWindow(grid, channel, window, (at) => {
        out[at] = clamp(x0[at]! + change, low, high)
        changed ||= out[at] !== best[at]
      })
    }
    return changed
  },
}

/** Splits across the middle, or down it where that is the only way. */
const bumpsFor = (
  norm: BumpNorm,
  { height, width }: Pick<Window, 'height' | 'width'>,
  random: Random,
): Float64Array => {
  const sideways = random.integer(2) === 1
  return cachedBumps(norm, height, width, height < 2 || (width >= 2 && sideways))
}

const cache = new Map<string, Float64Array>()
const cachedBumps = (norm: BumpNorm, height: number, width: number, sideways: boolean): Float64Array => {
  const key = `${norm} ${height} ${width} ${sideways}`
  let values = cache.get(key)
  values ??= bumps(norm, height, width, sideways)
  cache.set(key, values)
  return values
}

/** A fifth of either side, as in the paper's tiling of the start. */
const tiles = 5

/** A tiling of bumps; then one window's perturbation is moved into another, where it takes a new shape. */
const bumpy = (norm: BumpNorm): Proposals => {
  let scratch = new Float64Array(0)
  /** The change that is worked on: used anew for each proposal. */
  const changes = (size: number): Float64Array => {
    if (scratch.length !== size) scratch = new Float64Array(size)
    return scratch
  }
  return {
    start(canvas, random, out) {
      const { grid, x0 } = canvas
      const height = Math.max(1, Math.floor(grid.height / tiles))
      const width = Math.max(1, Math.floor(grid.width / tiles))
      const margin = (side: number, tile: number): number => Math.max(0, Math.floor((side - tile * tiles) / 2))
      const delta = changes(x0.length).fill(0)
      for (let top = margin(grid.height, height); top + height <= grid.height; top += height)
        for (let left = margin(grid.width, width); left + width <= grid.width; left += width) {
          const shape = bumpsFor(norm, { height, width }, random)
          for (let channel = 0; channel < grid.channels; channel++) {
            const sign = coin(random)
            visitWindow(grid, channel, { top, left, height, width }, (at, i, j) => {
              delta[at] = sign * shape[i * width + j]!
            })
          }
        }
      settle(norm, canvas, delta, out)
    },
    next(canvas, best, share, random, out) {
      const { grid, x0, epsilon } = canvas
      const sides = windowSides(grid, share, true)
      const into = placeWindow(grid, sides, random)
      const from = placeWindow(grid, sides, random)
      const shape = bumpsFor(norm, sides, random)
      const delta = changes(x0.length)
      let used = 0
      for (let i = 0; i < delta.length; i++) {
        const change = best[i]! - x0[i]!
        delta[i] = change
        used += norm === 'l2' ? change * change : Math.abs(change)
      }
      const spare = unused(norm, epsilon, used) / grid.channels
      const shaped = new Float64Array(shape.length)
      for (let channel = 0; channel < grid.channels; channel++) {
        const sign = coin(random)
        let here = 0
        visitWindow(grid, channel, into, (at, i, j) => {
          const change = delta[at]!
          shaped[i * into.width + j] = change
          here += norm === 'l2' ? change * change : Math.abs(change)
        })
        const scale = (norm === 'l2' ? Math.sqrt(here) : here) + 1e-12
        for (let k = 0; k < shaped.length; k++) shaped[k] = sign * shape[k]! + shaped[k]! / scale
        let both = here
        visitWindow(grid, channel, from, (at, i, j) => {
          const change = delta[at]!
          if (!covers(into, from.top + i, from.left + j)) both += norm === 'l2' ? change * change : Math.abs(change)
          delta[at] = 0
        })
        const size = norm === 'l2' ? Math.sqrt(spare + both) : (spare + both) * grid.channels
        const factor = size / (massOf(norm, shaped) + 1e-12)
        visitWindow(grid, channel, into, (at, i, j) => {
          delta[at] = factor * shaped[i * into.width + j]!
        })
      }
      settle(norm, canvas, delta, out)
      return true
    },
  }
}

const covers = ({ top, left, height, width }: Window, row: number, column: number): boolean =>
  row >= top && row < top + height && column >= left && column < left + width

/** What the clip to the box has left of the budget; both it and what is used are squared in L2. */
const unused = (norm: BumpNorm, epsilon: number, used: number): number =>
  Math.max(0, (norm === 'l2' ? epsilon * epsilon : epsilon) - used)

/** Onto the sphere and into the box (L2), or to the nearest point of ball and box (L1). */
const settle = (norm: BumpNorm, { x0, epsilon, low, high }: Canvas, delta: Float64Array, out: Float32Array): void => {
  if (norm === 'l1') projectL1Box(delta, x0, epsilon, low, high)
  const scale = norm === 'l1' ? 1 : epsilon / Math.max(massOf('l2', delta), 1e-12)
  for (let i = 0; i < x0.length; i++) out[i] = withinBounds(x0[i]! + scale * delta[i]!, low, high)
}

export const proposals: Readonly<Record<'linf' | 'l2' | 'l1', Proposals>> = { linf, l2: bumpy('l2'), l1: bumpy('l1') }
