import type { DataSet } from '../../data/index.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { LabelledRows } from '../../threat/poisoning.ts'
import { sampleOf } from '../hardening/division.ts'

const mostBytes = 2 ** 28

/** So many labelled rows of a set, drawn by the seed, in their order; fewer where they are large. */
export const sampledRows = async (set: DataSet, most: number, seed: number): Promise<LabelledRows> => {
  const size = sizeOf(set.shape)
  const at = sampleOf(set.rows, Math.min(most, Math.max(1, Math.floor(mostBytes / (size * 4)))), seed)
  const result = { x: new Float32Array(at.length * size), labels: new Int32Array(at.length) }
  let next = 0
  for await (const { from, rows, x, y } of set.batches(1024))
    for (; next < at.length && at[next]! < from + rows; next++) {
      const row = at[next]! - from
      result.x.set((x as Float32Array).subarray(row * size, (row + 1) * size), next * size)
      result.labels[next] = y![row]!
    }
  return result
}
