import type { Random } from '../../../base/random.ts'
import type { Grid, Window } from '../rows/grid.ts'

/** After these of 10,000 proposals the windows' share of the picture halves. */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000]

/** Share of the pixels that proposal number `index` changes, of `total`; `rescaled` stretches the schedule to `total`. */
export const windowShare = (p: number, index: number, total: number, rescaled: boolean): number => {
  const at = rescaled ? Math.trunc((index / total) * 10_000) : index
  let share = p
  for (const limit of halvings) if (at > limit) share /= 2
  return share
}

/**
 * Sides of a window that covers this share of the pixels: a square where one fits, else the whole of the short axis and
 * as much of the long one as makes up for it. `odd` asks for at least 3, and odd (L2 and L1).
 */
export const windowSides = (
  { height, width }: Grid,
  share: number,
  odd: boolean,
): { readonly height: number; readonly width: number } => {
  const [short, long] = [Math.min(height, width), Math.max(height, width)]
  const adjusted = (side: number): number =>
    odd ? Math.max(side, 3) + (1 - (Math.max(side, 3) % 2)) : Math.max(side, 1)
  const area = share * height * width
  const side = adjusted(Math.round(Math.sqrt(area)))
  const across = Math.min(side, short)
  const along = Math.min(side > short ? adjusted(Math.round(area / short)) : side, long)
  return height <= width ? { height: across, width: along } : { height: along, width: across }
}

/** Every place where the window fits is as likely. */
export const placeWindow = (
  grid: Grid,
  sides: { readonly height: number; readonly width: number },
  random: Random,
): Window => ({
  top: random.integer(grid.height - sides.height + 1),
  left: random.integer(grid.width - sides.width + 1),
  ...sides,
})
