import { expect, it } from 'vitest'
import { graphBuilder } from './builder.ts'
import { createSession, modelOf } from './session.ts'

const g = graphBuilder()
const x = g.input('x', 'float32', ['n'])
g.output('double', g.mul(x, 2))
g.output('square', g.mul(x, x))
const feed = (...values: number[]) =>
  ({ dtype: 'float32', dims: [values.length], data: Float32Array.from(values) }) as const

it('writes an output into the array that it is given, and makes the others anew', async () => {
  const session = await createSession(modelOf(g.build()))
  const into = feed(0, 0, 0)
  const first = await session.run({ x: feed(1, 2, 3) }, { square: into })
  expect(first.square!.data).toBe(into.data)
  expect([...into.data]).toEqual([1, 4, 9])
  expect([...(first.double!.data as Float32Array)]).toEqual([2, 4, 6])
  await session.run({ x: feed(3, 2, 1) }, { square: into })
  expect([...into.data]).toEqual([9, 4, 1])
  expect([...(first.double!.data as Float32Array)]).toEqual([2, 4, 6])
  await session.release()
})

it('refuses values that do not fill their shape', async () => {
  const session = await createSession(modelOf(g.build()))
  const short = { dtype: 'float32', dims: [2], data: new Float32Array(1) } as const
  await expect(session.run({ x: short })).rejects.toMatchObject({ code: 'DATA_SHAPE_MISMATCH' })
  await expect(session.run({ x: feed(1, 2) }, { square: short })).rejects.toMatchObject({ code: 'DATA_SHAPE_MISMATCH' })
  await session.release()
})
