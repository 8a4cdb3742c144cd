import { type Grid, gridOf } from '../../../threat/grid.ts'

export { type Grid, gridOf }

/** A rectangle of pixels, over all channels. */
export interface Window {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** Calls `visit` with the place of each value of the window in one channel, and the window's own row and column. */
export const visitWindow = (
  grid: Grid,
  channel: number,
  { top, left, height, width }: Window,
  visit: (at: number, i: number, j: number) => void,
): void => {
  for (let i = 0; i < height; i++) {
    const from = channel * grid.channelStep + (top + i) * grid.rowStep + left * grid.columnStep
    for (let j = 0; j < width; j++) visit(from + j * grid.columnStep, i, j)
  }
}
