import type { RowStore } from '../../../training/row-store.ts'

const rowsAtOnce = 1024

/**
 * The rows with each column less its mean and over its standard deviation, both of all rows; a constant column becomes 0.
 * Labels play no part in it, so that rows of other folds may.
 */
export const standardised = async (store: RowStore): Promise<RowStore> => {
  const { rows, size } = store
  const means = new Float64Array(size)
  const squares = new Float64Array(size)
  let seen = 0
  // Welford 1962: no digits are lost to a large mean.
  for await (const { x, count } of pieces(store))
    for (let row = 0; row < count; row++) {
      seen++
      for (let c = 0; c < size; c++) {
        const value = x[row * size + c]!
        const before = value - means[c]!
        means[c]! += before / seen
        squares[c]! += before * (value - means[c]!)
      }
    }
  const factors = squares.map((sum) => (sum > 0 ? 1 / Math.sqrt(sum / rows) : 0))
  return {
    ...store,
    async gather(at, into) {
      await store.gather(at, into)
      for (let i = 0; i < at.length * size; i++) into[i] = (into[i]! - means[i % size]!) * factors[i % size]!
    },
  }
}

async function* pieces({ rows, size, gather }: RowStore) {
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - from)
    const x = new Float32Array(count * size)
    await gather(
      Int32Array.from({ length: count }, (_, i) => from + i),
      x,
    )
    yield { x, count }
  }
}
