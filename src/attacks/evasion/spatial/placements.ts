import type { Placement } from './warp.ts'

export interface PlacementGrid {
  /** Largest rotation, either way. */
  readonly degrees: number
  /** Largest shifts, in pixels. */
  readonly down: number
  readonly right: number
  /** Values of each on the grid, from end to end. */
  readonly rotations: number
  readonly shifts: number
}

/** A placement and how large it is: the largest share that it takes of what is allowed. */
export interface SizedPlacement extends Placement {
  readonly share: number
}

const spread = (most: number, count: number): readonly number[] =>
  count === 1 || most === 0 ? [0] : Array.from({ length: count }, (_, i) => most * ((2 * i) / (count - 1) - 1))

const shareOf = (value: number, most: number): number => (most === 0 ? 0 : Math.abs(value) / most)

/** Every rotation with every shift, smallest first; the one that moves nothing is left out. */
export const placements = ({ degrees, down, right, rotations, shifts }: PlacementGrid): readonly SizedPlacement[] =>
  spread(degrees, rotations)
    .flatMap((turn) =>
      spread(down, shifts).flatMap((below) =>
        spread(right, shifts).map((beside) => ({
          degrees: turn,
          down: below,
          right: beside,
          share: Math.max(shareOf(turn, degrees), shareOf(below, down), shareOf(beside, right)),
        })),
      ),
    )
    .filter(({ share }) => share > 0)
    .sort((a, b) => a.share - b.share)
