import type { PoisonContext } from '../../../threat/poisoning.ts'

/**
 * The class with rows whose mean is nearest to the mean of the target class, in Euclidean distance; the lowest of several.
 * Where the target has no rows: the lowest class that has. Undefined where no other class has rows.
 */
export const nearestClass = ({
  x,
  labels,
  size,
  classes,
  target,
}: Pick<PoisonContext, 'x' | 'labels' | 'size' | 'classes' | 'target'>): number | undefined => {
  const counts = new Float64Array(classes)
  const sums = new Float64Array(classes * size)
  for (const [row, label] of labels.entries()) {
    counts[label]!++
    for (let j = 0; j < size; j++) {
      const value = x[row * size + j]!
      if (Number.isFinite(value)) sums[label * size + j]! += value
    }
  }
  const mean = (label: number, j: number): number => sums[label * size + j]! / counts[label]!
  const distance = (label: number): number => {
    if (counts[target] === 0) return 0
    let sum = 0
    for (let j = 0; j < size; j++) sum += (mean(label, j) - mean(target, j)) ** 2
    return sum
  }
  let [best, least] = [undefined as number | undefined, Number.POSITIVE_INFINITY]
  for (let label = 0; label < classes; label++) {
    if (label === target || counts[label] === 0) continue
    const far = distance(label)
    if (best === undefined || far < least) [best, least] = [label, far]
  }
  return best
}
