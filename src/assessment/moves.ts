import type { Moves } from '../contract/index.ts'
import type { Move } from '../threat/attack.ts'

/** How far a picture was moved: turns of a whole circle and shifts of ten pixels weigh alike, to order moves by. */
const extent = ({ degrees, down, right }: Move): number =>
  Math.abs(degrees) / 360 + (Math.abs(down) + Math.abs(right)) / 10

/**
 * The move that was the smallest one to break most rows, and the largest that a row took. Rows are told apart from those
 * that nothing moved by `undefined`; undefined where all are.
 */
export const summariseMoves = (moves: readonly (Move | undefined)[]): Moves | undefined => {
  const counts = new Map<string, { readonly move: Move; rows: number }>()
  for (const move of moves) {
    if (!move) continue
    const key = `${move.degrees} ${move.down} ${move.right}`
    const known = counts.get(key) ?? { move, rows: 0 }
    known.rows++
    counts.set(key, known)
  }
  const all = [...counts.values()]
  if (all.length === 0) return undefined
  const worst = all.reduce((a, b) => (b.rows > a.rows ? b : a))
  const largest = all.reduce((a, b) => (extent(b.move) > extent(a.move) ? b : a))
  return {
    rows: all.reduce((sum, { rows }) => sum + rows, 0),
    worst: { ...worst.move, rows: worst.rows },
    largest: largest.move,
  }
}
