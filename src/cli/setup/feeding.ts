import type { TaskKind } from '../../contract/index.ts'
import type { DataSet } from '../../data/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { newScore } from './feeding-score.ts'
import { looksLikeBytes, type Spread } from './spread.ts'

/** One way to feed stored values to the model: (x * scale - mean) / std. */
export interface Feeding {
  /** What people call it. */
  readonly title: string
  readonly scale: number
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

export interface TriedFeeding extends Feeding {
  /** Share of the rows that are right; of numbers, the share of their mean absolute deviation that is predicted. */
  readonly accuracy: number
}

const plain: Feeding = { title: 'the values as they are stored', scale: 1 }
const bytes: Feeding = { title: 'bytes divided by 255', scale: 1 / 255 }

/** Normalisations that published models were trained with, by the number of channels. */
const normalisations: Readonly<Record<number, readonly Omit<Feeding, 'scale'>[]>> = {
  1: [
    { title: 'the mean and deviation of MNIST', mean: [0.1307], std: [0.3081] },
    { title: 'the mean and deviation of Fashion-MNIST', mean: [0.286], std: [0.353] },
    { title: 'mean 0.5 and deviation 0.5', mean: [0.5], std: [0.5] },
  ],
  3: [
    { title: 'the mean and deviation of ImageNet', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    { title: 'the mean and deviation of CIFAR-10', mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
    { title: 'mean 0.5 and deviation 0.5', mean: [0.5], std: [0.5] },
  ],
}

/** Ways worth trying, the most usual first. */
export const feedings = (dims: readonly number[], spread: Spread): readonly Feeding[] => {
  const isBytes = looksLikeBytes(spread)
  const isUnit = spread.low >= 0 && spread.high <= 1
  const known = dims.length === 3 && (isBytes || isUnit) ? (normalisations[dims[0]!] ?? []) : []
  const scaled = known.map((normalisation) => ({ ...normalisation, scale: isBytes ? bytes.scale : 1 }))
  return [...(isBytes ? [bytes] : []), plain, ...scaled]
}

/** A later way must be better than an earlier one by more than chance would make it. */
const margin = 0.02

/** Rows to try on: blocks from all over the set, since it may be sorted by class. */
const blocks = 8
const rowsEach = 32

/** Tries every way on some rows of the set (stored values, labelled) and takes the one with the best accuracy. */
export const bestFeeding = async (
  model: Classifier,
  set: DataSet,
  ways: readonly Feeding[],
  kind: TaskKind = 'classification',
): Promise<{ readonly best: TriedFeeding; readonly tried: readonly TriedFeeding[] }> => {
  const tried: TriedFeeding[] = []
  const starts = Array.from({ length: blocks }, (_, i) => Math.floor((i * set.rows) / blocks))
  for (const way of ways) {
    const score = newScore(kind, model.classes)
    for (const from of new Set(starts)) {
      const batch = await set.read(from, Math.min(from + rowsEach, set.rows))
      const x = batch.x instanceof Float32Array ? fed(batch.x, model.input.dims, way) : batch.x
      score.add(await logits(model, x, batch.rows), batch)
    }
    tried.push({ ...way, accuracy: score.value() })
  }
  const best = tried.reduce((a, b) => (b.accuracy > a.accuracy + margin ? b : a))
  return { best, tried }
}

const logits = async (model: Classifier, x: Float32Array | BigInt64Array, rows: number): Promise<Float32Array> => {
  const program = await model.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
  return (await program.run(rows, { x })).logits!
}

/** Rows as the model gets them. */
export const fed = (
  x: Float32Array,
  dims: readonly number[],
  { scale, mean = [0], std = [1] }: Feeding,
): Float32Array => {
  const size = dims.reduce((product, dim) => product * dim, 1)
  const perChannel = size / dims[0]!
  const of = (values: readonly number[], i: number): number =>
    values.length === 1 ? values[0]! : values[Math.floor((i % size) / perChannel)]!
  return x.map((value, i) => (value * scale - of(mean, i)) / of(std, i))
}
