import { defineDetector } from '../detector.ts'
import { buildTree, type IsolationTree } from './isolation-tree.ts'
import { meanPathLength } from './mean-path-length.ts'

/** Rows whose values stay in the processor's cache while every tree passes over them. */
const block = 512

/**
 * Rows that random cuts part from the others early. The score is 2^(-E[h] / c(psi)) in (0, 1]: the mean depth h of a
 * row over trees of psi rows each, against what a search would need; 0.5 for a row like any other. Cuts: a column drawn
 * among those that still vary, a point drawn evenly between its ends, as scikit-learn makes them; numbers are
 * xoshiro128**'s, so that trees differ from those of other tools, and scores by what chance does.
 */
export const isolationForest = defineDetector({
  id: 'isolation-forest',
  title: 'rows that few random cuts part from the rest',
  reference: 'Liu, Ting and Zhou 2008, Isolation Forest',
  parameters: {
    trees: { kind: 'integer', default: 100, min: 1, max: 10_000, help: 'random trees; more: less noise in the scores' },
    sample: { kind: 'integer', default: 256, min: 2, max: 4096, help: 'rows that a tree is grown on (psi)' },
  },
  least: 1,
  sample: (rows, { trees, sample }) => Math.min(rows, trees * sample),
  memory: (rows) => 8 * rows + 4e6,
  async fit(rows, { trees, sample }, { random }) {
    const psi = Math.min(sample, rows.rows)
    const depth = Math.ceil(Math.log2(Math.max(psi, 2)))
    const order = Int32Array.from({ length: rows.rows }, (_, row) => row)
    const grown = Array.from({ length: trees }, (_, tree) => {
      const numbers = random.fork('tree', tree)
      // The first psi of a shuffle. What the last tree left is as good a start as any, and the same on every run.
      for (let i = 0; i < psi; i++) {
        const j = i + numbers.integer(rows.rows - i)
        const row = order[i]!
        order[i] = order[j]!
        order[j] = row
      }
      return buildTree(rows, order.slice(0, psi), { depth, random: numbers })
    })
    // One row alone has no depth, and no search: it is like any other.
    const typical = meanPathLength(psi) * trees
    return {
      width: rows.width,
      async score({ values, rows: count, width }) {
        const depths = new Float64Array(count)
        for (let from = 0; from < count; from += block)
          for (const tree of grown)
            addDepths(tree, values, depths, { from, to: Math.min(from + block, count), width, depth })
        return typical === 0 ? depths.fill(0.5) : depths.map((sum) => 2 ** (-sum / typical))
      },
    }
  },
})

interface Block {
  readonly from: number
  readonly to: number
  readonly width: number
  readonly depth: number
}

/** Adds what the tree says of each row. Every path has the same length, so that no branch is to be guessed. */
const addDepths = (
  { features, thresholds, lengths }: IsolationTree,
  values: Float32Array,
  depths: Float64Array,
  { from, to, width, depth }: Block,
): void => {
  const inner = features.length
  for (let row = from, at = from * width; row < to; row++, at += width) {
    let node = 0
    for (let level = 0; level < depth; level++)
      node = 2 * node + 1 + (values[at + features[node]!]! > thresholds[node]! ? 1 : 0)
    depths[row]! += lengths[node - inner]!
  }
}
