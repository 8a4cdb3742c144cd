import type { LabelledProbabilities } from './labelled-probabilities.ts'

/** The rows of cleanlab's own test of its filters. */
export const tenRows: LabelledProbabilities = {
  labels: Int32Array.from([0, 0, 1, 1, 1, 1, 1, 1, 1, 2]),
  probabilities: Float64Array.from([
    ...[0.9, 0.1, 0, 0.6, 0.2, 0.2, 0.1, 0, 0.9],
    ...Array.from({ length: 6 }, () => [0.1, 0.8, 0.1]).flat(),
    ...[0.1, 0.1, 0.8],
  ]),
  classes: 3,
}

/** Labels of which some are wrong, made by a generator that other languages have as well. */
export const drawnLabels = (options: {
  readonly seed: number
  readonly rows: number
  readonly classes: number
  /** How much likelier the true class gets. */
  readonly sharpness: number
  readonly noise: number
  /** A class that no row is labelled as. */
  readonly missing?: number
}): LabelledProbabilities & { readonly truth: Int32Array } => {
  const { rows, classes, sharpness, noise, missing = -1 } = options
  let state = options.seed
  const uniform = (): number => {
    state = Number((BigInt(state) * 1103515245n + 12345n) % 2147483648n)
    return state / 2147483648
  }
  const labels = new Int32Array(rows)
  const truth = new Int32Array(rows)
  const probabilities = new Float64Array(rows * classes)
  for (let row = 0; row < rows; row++) {
    let right = Math.floor(uniform() * classes)
    if (right === missing) right = (right + 1) % classes
    const scores = Array.from({ length: classes }, uniform).map((value) => value ** 2)
    scores[right]! += sharpness * uniform()
    const total = scores.reduce((sum, value) => sum + value, 0)
    probabilities.set(
      scores.map((value) => value / total),
      row * classes,
    )
    let label = right
    if (uniform() < noise) label = (right + 1 + Math.floor(uniform() * (classes - 1))) % classes
    if (label === missing) label = (label + 1) % classes
    labels[row] = label
    truth[row] = right
  }
  return { labels, probabilities, classes, truth }
}
