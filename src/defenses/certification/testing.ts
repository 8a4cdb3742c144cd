import { stream } from '../../base/random.ts'
import { classifierFrom } from '../../models/classifier.ts'
import { nextDown, nextUp } from '../../models/trees/float-order.ts'
import { needTrees, type TreeModel } from '../../models/trees/index.ts'
import { randomTrees, treeFile } from '../../models/trees/testing.ts'
import type { RegionNorm } from './distance.ts'

const features = 3

/** Trees whose thresholds are eighths, so that all regions can be visited, and rows. */
export const smallForest = async (classes: number): Promise<{ trees: TreeModel; x: Float32Array }> => {
  const attributes = randomTrees({ seed: 'small', features, classes, trees: 7, depth: 3 })
  const model = await classifierFrom(treeFile('TreeEnsembleClassifier', features, attributes), { path: '', sha256: '' })
  const random = stream('small rows')
  return { trees: needTrees(model), x: Float32Array.from({ length: 24 * features }, () => random.uniform()) }
}

export const predictedClasses = (trees: TreeModel, x: Float32Array): number[] => [...trees.predict(x)]

/** The nearest of all regions between eighths that the model predicts otherwise, each asked at its nearest point. */
export const oracleDistance = (trees: TreeModel, row: Float32Array, norm: RegionNorm): number => {
  const nearestIn = (value: number, cell: number): number =>
    Math.min(Math.max(value, cell === 0 ? 0 : nextUp(cell / 8)), nextDown((cell + 1) / 8))
  // Cells and, by themselves, the thresholds between them.
  const choices = Array.from(row, (value) => [
    ...Array.from({ length: 8 }, (_, cell) => nearestIn(value, cell)),
    ...Array.from({ length: 9 }, (_, cut) => cut / 8),
  ])
  const points = choices.reduce<number[][]>(
    (found, values) => found.flatMap((point) => values.map((value) => [...point, value])),
    [[]],
  )
  const [own] = trees.predict(row)
  const predicted = trees.predict(Float32Array.from(points.flat()))
  const lengths = points.map((point) => {
    const gaps = point.map((value, f) => Math.abs(value - row[f]!))
    if (norm === 'linf') return Math.max(...gaps)
    return norm === 'l1' ? gaps.reduce((sum, gap) => sum + gap, 0) : Math.hypot(...gaps)
  })
  return lengths.reduce(
    (best, length, i) => (predicted[i] === own ? best : Math.min(best, length)),
    Number.POSITIVE_INFINITY,
  )
}
