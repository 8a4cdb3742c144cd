import type { Decision } from './decision.ts'
import type { TreeEnsemble } from './ensemble.ts'
import type { FeatureMap } from './scaling.ts'
import { leafOf } from './walk.ts'

/**
 * The class of each row, added up as ONNX Runtime adds: tree by tree in the order of the file, each sum rounded to the
 * operator's precision.
 */
export const predictRows = (
  ensemble: TreeEnsemble,
  decision: Decision,
  map: FeatureMap,
  x: Float32Array,
  size: number,
): Int32Array => {
  const classes = new Int32Array(x.length / size)
  const row = new Float64Array(size)
  const sums = new Float64Array(ensemble.targets)
  for (let at = 0; at < classes.length; at++) {
    for (let j = 0; j < size; j++) row[j] = map.apply(j, x[at * size + j]!)
    addUp(ensemble, row, sums)
    classes[at] = classOf(ensemble, decision, sums)
  }
  return classes
}

const addUp = (
  { nodes, targets, votes, voted, aggregate, isDouble }: TreeEnsemble,
  row: Float64Array,
  sums: Float64Array,
) => {
  const round = isDouble ? (value: number) => value : Math.fround
  const has = new Uint8Array(targets)
  sums.fill(0)
  for (const root of nodes.roots) {
    const leaf = leafOf(nodes, root, row)
    for (let target = 0; target < targets; target++) {
      const at = leaf * targets + target
      if (!voted[at]) continue
      const vote = votes[at]!
      if (aggregate === 'MIN') sums[target] = has[target] ? Math.min(sums[target]!, vote) : vote
      else if (aggregate === 'MAX') sums[target] = has[target] ? Math.max(sums[target]!, vote) : vote
      else sums[target] = round(sums[target]! + vote)
      has[target] = 1
    }
  }
  if (aggregate === 'AVERAGE')
    for (let target = 0; target < targets; target++) sums[target] = round(sums[target]! / nodes.roots.length)
}

const classOf = ({ isDouble }: TreeEnsemble, decision: Decision, sums: Float64Array): number => {
  const round = isDouble ? (value: number) => value : Math.fround
  if (decision.kind === 'above') {
    const sum = round(sums[decision.column]! + decision.base)
    // The scores of a share are 1 - sum and sum.
    return (decision.threshold === 0.5 ? sum > round(1 - sum) : sum > decision.threshold) ? 1 : 0
  }
  let best = 0
  let most = Number.NEGATIVE_INFINITY
  for (const [i, column] of decision.columns.entries()) {
    const sum = round(sums[column]! + decision.base[i]!)
    if (sum > most) [best, most] = [i, sum]
  }
  return best
}
