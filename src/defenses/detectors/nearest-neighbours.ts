import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { featuresAt, featuresOf } from '../../models/features.ts'
import type { GraphBuilder, Value } from '../../onnx/builder.ts'
import { type DetectorContext, defineDetector } from '../../threat/detector.ts'
import { labelledBatches } from './labelled-batches.ts'

/**
 * The distance to the k-th nearest of stored training rows, in the penultimate features scaled to length 1: 0 for a
 * row that points where k of them point, 2 for one that points away from all.
 */
export const nearestNeighbours = defineDetector({
  id: 'nearest-neighbours',
  title: 'Distance to the k-th nearest training row in feature space',
  reference: 'Sun et al. 2022, arXiv:2204.06507',
  parameters: {
    k: { kind: 'integer', default: 10, min: 1, help: 'which neighbour counts' },
    bank: { kind: 'integer', default: 2000, min: 1, help: 'training rows that are stored in the model, at most' },
  },
  async fit(context, { k, bank: wanted }) {
    const bank = await storedRows(context, wanted)
    if (k > bank.rows)
      throw new BartizanError('USAGE', `neighbour ${k} was asked for, and ${bank.rows} rows are stored`, {
        hint: 'fit on more rows, or ask for a smaller k',
        data: { k, rows: bank.rows },
      })
    const { features } = bank
    return {
      key: `nearest-neighbours ${k} ${sha256(new Uint8Array(features.buffer))}`,
      score: ({ g, logits }) => {
        const { value, width } = featuresOf({ g, logits })
        const stored = g.transpose(g.constant('float32', [bank.rows, width], features))
        const [likest] = g.ops('TopK', [g.matmul(unit(g, value), stored), g.ints([k])], { axis: 1 }, { outputs: 2 })
        const cosine = g.squeeze(g.slice(likest!, [k - 1], [k], [1]), [1])
        // |a - b|² = 2 - 2 a·b for vectors of length 1.
        return g.sqrt(g.max(g.sub(2, g.mul(cosine, 2)), 1e-12))
      },
    }
  },
})

/** Scaled to length 1; a row without any feature stays 0, as far from everything as a right angle. */
const unit = (g: GraphBuilder, features: Value): Value =>
  g.div(features, g.max(g.sqrt(g.reduceSum(g.square(features), [1], true)), 1e-12))

/**
 * Features of a random choice of the rows, of length 1. Which rows are chosen, and their order, is by a digest of what
 * they hold: it depends on the seed, and not on the order that they come in.
 */
const storedRows = async (context: DetectorContext, wanted: number) => {
  const { set, seed, progress } = context
  const digests: { readonly digest: string; readonly row: number }[] = []
  for await (const { x, rows, from } of labelledBatches(context)) {
    const size = x.length / rows
    for (let row = 0; row < rows; row++)
      digests.push({ digest: digestOf(seed, x.subarray(row * size, (row + 1) * size)), row: from + row })
  }
  digests.sort((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0))
  const places = new Map(digests.slice(0, wanted).map(({ row }, place) => [row, place]))
  let stored = new Float32Array(0)
  for await (const { x, rows, from } of labelledBatches(context)) {
    const features = await featuresAt(context, x, rows)
    const width = features.length / rows
    if (stored.length === 0) stored = new Float32Array(places.size * width)
    for (let row = 0; row < rows; row++) {
      const place = places.get(from + row)
      if (place !== undefined) stored.set(normalised(features.subarray(row * width, (row + 1) * width)), place * width)
    }
    progress((from + rows) / set.rows)
  }
  return { rows: places.size, features: stored }
}

const digestOf = (seed: number, row: Float32Array): string =>
  sha256(`${seed} ${sha256(new Uint8Array(row.buffer, row.byteOffset, row.byteLength))}`)

const normalised = (row: Float32Array): Float32Array => {
  let squares = 0
  for (const value of row) squares += value * value
  const length = Math.max(Math.sqrt(squares), 1e-12)
  return row.map((value) => value / length)
}
