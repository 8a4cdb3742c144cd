import { stream } from '../../base/random.ts'
import { blockedDomain } from '../channel-block.ts'
import { createSession, type Feed, modelOf } from '../session.ts'
import { sizeOf } from '../tensor.ts'
import type { Graph } from '../types.ts'

/** Normal values for each input of a graph, the sizes that it leaves open being `open`. */
export const randomFeeds = (graph: Graph, open: number): Record<string, Feed> =>
  Object.fromEntries(
    graph.inputs.map(({ name, dims }) => {
      const sizes = dims!.map((dim) => (typeof dim === 'number' ? dim : open))
      const data = new Float32Array(sizeOf(sizes))
      stream('rewrite', name).fillNormals(data)
      return [name, { dtype: 'float32', dims: sizes, data }]
    }),
  )

/** Outputs of a graph, blocked operators allowed. */
export const outputsOf = async (graph: Graph, feeds: Record<string, Feed>): Promise<Record<string, number[]>> => {
  const model = modelOf(graph)
  const session = await createSession({ ...model, opsets: { ...model.opsets, [blockedDomain]: 1 } })
  try {
    const results = await session.run(feeds)
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
    )
  } finally {
    await session.release()
  }
}

/** The largest difference between two lists of values, relative to the largest value. */
export const difference = (a: readonly number[], b: readonly number[]): number => {
  const scale = Math.max(...a.map(Math.abs))
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / scale
}
