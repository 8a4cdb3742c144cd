import { expect, it } from 'vitest'
import { graphBuilder } from '../builder.ts'
import { createSession, modelOf } from '../session.ts'
import { repeated } from './repeat.ts'

it('runs a graph on its own result so many times, other inputs unchanged', async () => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['n', 2])
  const added = g.input('added', 'float32', ['n', 2])
  g.output('next', g.add(g.mul(x, 2), added))
  const graph = repeated(g.build(), { carried: 'x', start: 'x0', result: 'next', last: 'x5', steps: 5 })
  const session = await createSession(modelOf(graph))
  const feed = (...data: number[]) => ({ dtype: 'float32' as const, dims: [1, 2], data: Float32Array.from(data) })
  const { x5 } = await session.run({ x0: feed(1, 0), added: feed(0, 1) })
  // x -> 2 x + a, five times: 32 x + 31 a.
  expect([...(x5!.data as Float32Array)]).toEqual([32, 31])
})
