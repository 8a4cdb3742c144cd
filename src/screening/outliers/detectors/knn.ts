import { defineDetector } from '../detector.ts'
import { kdTree } from '../neighbours/kd-tree.ts'
import { nearestSearch } from '../neighbours/nearest.ts'
import type { Rows } from '../rows.ts'

/** Far from the rows nearest to it: the Euclidean distance to the k-th, or the mean or median of those to all k. */
export const knn = defineDetector({
  id: 'knn',
  title: 'rows far from their nearest neighbours',
  reference: 'Ramaswamy, Rastogi and Shim 2000, Efficient algorithms for mining outliers from large data sets',
  parameters: {
    k: { kind: 'integer', default: 5, min: 1, help: 'neighbours; where there are fewer rows, all of them' },
    distance: {
      kind: 'choice',
      default: 'largest',
      choices: ['largest', 'mean', 'median'],
      help: 'of the k distances',
    },
  },
  least: 1,
  memory: (rows, width) => rows * (4 * width + 24),
  async fit(rows, { k, distance }) {
    const tree = kdTree(rows)
    const scores = (asked: Rows, among: number, itself: boolean): Float64Array => {
      // A row that is all alone has no neighbours, and lies as it should.
      if (among === 0) return new Float64Array(asked.rows)
      const search = nearestSearch(tree, Math.min(k, among))
      const summary = summaries[distance as keyof typeof summaries]
      return Float64Array.from({ length: asked.rows }, (_, row) => {
        search.find(asked.values, row * asked.width, itself ? row : -1)
        return summary(search.squares)
      })
    }
    return {
      width: rows.width,
      score: async (asked) => scores(asked, rows.rows, false),
      scoreFitted: async () => scores(rows, rows.rows - 1, true),
    }
  },
})

const summaries = {
  largest: (squares: Float64Array): number => Math.sqrt(squares.at(-1)!),
  mean: (squares: Float64Array): number => squares.reduce((sum, square) => sum + Math.sqrt(square), 0) / squares.length,
  median: (squares: Float64Array): number =>
    (Math.sqrt(squares[(squares.length - 1) >> 1]!) + Math.sqrt(squares[squares.length >> 1]!)) / 2,
} as const
