import { expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { graphBuilder } from '../../../onnx/builder.ts'
import { createSession, modelOf } from '../../../onnx/session.ts'
import { diversified, diversityDraws, diversityInputs } from './diversity.ts'

const dims = [1, 6, 8] as const
const random = (row: number, ...key: (string | number)[]) => stream('diversity', row, ...key)
const rows = Int32Array.from({ length: 200 }, (_, row) => row)

it('shrinks as many rows as it should, within its limits and inside the picture', () => {
  const { height, width, top, left } = diversityDraws({ random }, rows, 0, { probability: 0.5, smallest: 0.5 }, dims)
  const shrunk = [...height].filter((value) => value < 6).length
  expect(shrunk).toBeGreaterThan(70)
  expect(shrunk).toBeLessThan(130)
  for (const [i, tall] of height.entries()) {
    expect(tall === 6).toBe(width[i] === 8)
    expect(tall).toBeGreaterThanOrEqual(3)
    expect(width[i]).toBeGreaterThanOrEqual(4)
    expect(top[i]! + tall).toBeLessThanOrEqual(6)
    expect(left[i]! + width[i]!).toBeLessThanOrEqual(8)
  }
})

it('draws by row and step alone', () => {
  const draw = (which: Int32Array, step: number) =>
    diversityDraws({ random }, which, step, { probability: 1, smallest: 0.5 }, dims)
  expect(draw(rows.subarray(7, 9), 1).left).toEqual(draw(rows, 1).left.slice(7, 9))
  expect(draw(rows, 2).left).not.toEqual(draw(rows, 1).left)
})

const shown = async (picture: Float32Array, size: Record<keyof typeof diversityInputs, number>, low = 0) => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['rows', ...dims])
  const inputs = new Map(
    Object.entries(diversityInputs).map(([name, input]) => [name, g.input(name, input.dtype, ['rows', ...input.dims])]),
  )
  g.output('y', diversified({ g, input: (name) => inputs.get(name)! }, x, dims, low))
  const session = await createSession(modelOf(g.build(['y'])), {})
  const feeds = Object.entries(size).map(([name, value]) => [
    name,
    { dtype: 'float32', dims: [1, 1, 1, 1], data: Float32Array.of(value) } as const,
  ])
  const { y } = await session.run({
    x: { dtype: 'float32', dims: [1, ...dims], data: picture },
    ...Object.fromEntries(feeds),
  })
  await session.release()
  return [...(y!.data as Float32Array)]
}

const picture = Float32Array.from({ length: 48 }, (_, i) => Math.abs(Math.sin(3 * i)))

it('leaves a picture of its full size as it is, to the bit', async () => {
  expect(await shown(picture, { height: 6, width: 8, top: 0, left: 0 })).toEqual([...picture])
})

it('halves a picture bilinearly and puts it in its place, on the lowest value', async () => {
  const y = await shown(picture, { height: 3, width: 4, top: 2, left: 3 }, -1)
  for (let i = 0; i < 6; i++)
    for (let j = 0; j < 8; j++) {
      const [a, b] = [2 * (i - 2), 2 * (j - 3)]
      const inside = a >= 0 && a < 6 && b >= 0 && b < 8
      // At half the size a pixel is the mean of four.
      const four = [0, 1, 8, 9].map((step) => picture[8 * a + b + step]!)
      const expected = inside ? four.reduce((sum, value) => sum + value, 0) / 4 : -1
      expect(y[8 * i + j]).toBeCloseTo(expected, 5)
    }
})
