import { describe, expect, it } from 'vitest'
import { gradientOf, outputOf, outputsOf, randomValues } from './testing.ts'

const side = 8
const least = 5
const rows = 48
const [low, high] = [-1, 1]

/** For each pixel of a side, the pixels it is made of: `size` of them from `start`, interpolated between centres. */
const placement = (size: number, start: number): readonly (readonly number[])[] =>
  Array.from({ length: side }, (_, i) =>
    Array.from({ length: side }, (_, j) => {
      if (i < start || i >= start + size) return 0
      const source = ((i - start + 0.5) * side) / size - 0.5
      return Math.max(0, 1 - Math.abs(Math.min(side - 1, Math.max(0, source)) - j))
    }),
  )

type Matrix = readonly (readonly number[])[]
const placements: readonly (readonly [Matrix, Matrix])[] = Array.from({ length: side - least + 1 }, (_, i) => {
  const size = least + i
  const starts = Array.from({ length: side - size + 1 }, (_, start) => placement(size, start))
  return starts.flatMap((down) => starts.map((across) => [down, across] as const))
}).flat()

/** Σ down[a][i] x[i][j] across[b][j], or with both matrices the other way round. */
const product = (down: Matrix, x: Float32Array, across: Matrix, transposed = false): readonly number[] =>
  Array.from({ length: side ** 2 }, (_, index) => {
    const [a, b] = [Math.floor(index / side), index % side]
    let sum = 0
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++)
        sum += (transposed ? down[i]![a]! * across[j]![b]! : down[a]![i]! * across[b]![j]!) * x[i * side + j]!
    return sum
  })

const picture = randomValues(side ** 2, 'picture')
const applied = {
  id: 'random-resize-pad',
  parameters: { smallest: least / side },
  dims: [1, side, side],
  x: Float32Array.from({ length: rows * side ** 2 }, (_, i) => picture[i % side ** 2]!),
  range: { low, high },
}
const expected = placements.map(([down, across]) =>
  product(
    down,
    picture.map((value) => value - low),
    across,
  ).map((value) => value + low),
)

/** Which placement each row got. */
const drawnIn = (y: Float32Array): readonly number[] =>
  Array.from({ length: rows }, (_, row) => {
    const part = y.subarray(row * side ** 2, (row + 1) * side ** 2)
    return expected.findIndex((values) => values.every((value, i) => Math.abs(value - part[i]!) < 1e-4))
  })

describe('random-resize-pad', () => {
  it('shrinks each row and puts it on the lowest value, by a draw of its own', async () => {
    const drawn = drawnIn(await outputOf(applied))
    expect(drawn).not.toContain(-1)
    expect(new Set(drawn).size).toBeGreaterThan(5)
  })

  it('draws anew in each run', async () => {
    const [one, other] = (await outputsOf(applied, 2)).map(drawnIn)
    expect(one).not.toEqual(other)
  })

  it('reaches every placement', async () => {
    // The rarest comes once in 64 rows.
    const seen = new Set((await outputsOf(applied, 40)).flatMap(drawnIn))
    expect(seen.size).toBe(placements.length)
  })

  it('has the true gradient of the draw', async () => {
    const weights = randomValues(rows * side ** 2, 'weights')
    const { y, gradient } = await gradientOf(applied, weights)
    for (const [row, drawn] of drawnIn(y).entries()) {
      const [down, across] = placements[drawn]!
      const part = (values: Float32Array) => values.subarray(row * side ** 2, (row + 1) * side ** 2)
      const wanted = product(down, part(weights), across, true)
      expect([...part(gradient)]).toEqual(wanted.map((value) => expect.closeTo(value, 4)))
    }
  })
})
