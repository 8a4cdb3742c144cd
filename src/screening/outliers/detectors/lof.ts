import { defineDetector } from '../detector.ts'
import { kdTree } from '../neighbours/kd-tree.ts'
import { type NearestSearch, nearestSearch } from '../neighbours/nearest.ts'

/** Added to the mean reachability, so that rows that lie on one another have a density. */
const tiny = 1e-10

/**
 * Less densely surrounded than its neighbours are: their mean local reachability density over the row's own; about 1 for
 * a row like its neighbours. Euclidean distances; exactly k neighbours, ties or not, as in scikit-learn.
 */
export const lof = defineDetector({
  id: 'lof',
  title: 'rows less densely surrounded than their neighbours',
  reference: 'Breunig et al. 2000, LOF: Identifying density-based local outliers',
  parameters: {
    k: { kind: 'integer', default: 20, min: 1, help: 'neighbours; where there are fewer rows, all the others' },
  },
  least: 2,
  memory: (rows, width) => rows * (4 * width + 60),
  async fit(rows, { k }) {
    const n = rows.rows
    const count = Math.min(k, n - 1)
    const search = nearestSearch(kdTree(rows), count)
    const reaches = new Float64Array(n)
    for (let row = 0; row < n; row++) {
      search.find(rows.values, row * rows.width, row)
      reaches[row] = Math.sqrt(search.squares[count - 1]!)
    }
    const density = ({ squares, rows: found }: NearestSearch): number => {
      let sum = 0
      for (let i = 0; i < count; i++) sum += Math.max(Math.sqrt(squares[i]!), reaches[found[i]!]!)
      return 1 / (sum / count + tiny)
    }
    const densities = new Float64Array(n)
    for (let row = 0; row < n; row++) {
      search.find(rows.values, row * rows.width, row)
      densities[row] = density(search)
    }
    const factor = (): number => {
      let sum = 0
      for (let i = 0; i < count; i++) sum += densities[search.rows[i]!]!
      return sum / count / density(search)
    }
    return {
      width: rows.width,
      score: async (asked) =>
        Float64Array.from({ length: asked.rows }, (_, row) => {
          search.find(asked.values, row * asked.width)
          return factor()
        }),
      scoreFitted: async () =>
        Float64Array.from({ length: n }, (_, row) => {
          search.find(rows.values, row * rows.width, row)
          return factor()
        }),
    }
  },
})
