import type { Random } from '../../../base/random.ts'
import type { AttackContext } from '../../../threat/attack.ts'
import { distances } from '../../../threat/norm.ts'
import { gatherRows, rowsWhere } from '../../../threat/rows.ts'
import { drawNearer, type RowPoints } from './boundary-search.ts'
import type { LabelOracle } from './label-oracle.ts'

const triesAtOnce = 10
/** Enough halvings to tell which of several starts leads to the nearest boundary. */
const coarse = 1 / 16
/** Values of the tries that are under way at once: they stay in the processor's cache, whatever the batch. */
const valuesAtOnce = 2 ** 17

/**
 * Looks for an adversarial point of each row in noise, in rounds of ten tries. In the first round with a hit, all hits
 * are drawn towards the row and the nearest is kept. Rows that no try reaches are left out: a decision-based attacker
 * without data of its own has nothing else to start from.
 */
export const noiseStarts = async (context: AttackContext, oracle: LabelOracle, tries: number): Promise<RowPoints> => {
  const { rows, size } = context
  const found = new Map<number, Float32Array>()
  const together = Math.max(1, Math.floor(valuesAtOnce / (size * triesAtOnce)))
  for (let from = 0; from < rows; from += together) {
    const group = Array.from({ length: Math.min(together, rows - from) }, (_, i) => from + i)
    for (let done = 0; done < tries; done += triesAtOnce) {
      const open = group.filter((row) => !found.has(row))
      const count = Math.min(triesAtOnce, tries - done)
      for (const [row, start] of await tryNoise(context, oracle, open, done, count)) found.set(row, start)
    }
  }
  const started = rowsWhere(rows, (row) => found.has(row))
  const points = new Float32Array(started.length * size)
  for (const [i, row] of started.entries()) points.set(found.get(row)!, i * size)
  return { rows: started, points }
}

/** One round: tries number `first` to `first + count - 1` of each row, as far as its questions last. */
const tryNoise = async (
  context: AttackContext,
  oracle: LabelOracle,
  open: readonly number[],
  first: number,
  count: number,
): Promise<Map<number, Float32Array>> => {
  const { size, x0, norm, random } = context
  const tries = open.flatMap((row) =>
    Array.from({ length: Math.min(count, oracle.left(row)) }, (_, i) => ({ row, number: first + i })),
  )
  const points = new Float32Array(tries.length * size)
  for (const [i, { row, number }] of tries.entries())
    points.set(noise(context, random(row, 'start', number), number), i * size)
  const owners = Int32Array.from(tries, ({ row }) => row)
  const adversarial = await oracle.ask(owners, points)
  const hits = rowsWhere(tries.length, (i) => adversarial[i] === 1)
  const starts = { rows: gatherRows(owners, hits, 1), points: gatherRows(points, hits, size) }
  await drawNearer(context, oracle, starts, coarse)
  const lengths = distances(norm, starts.points, gatherRows(x0, starts.rows, size), size)
  const nearest = new Map<number, number>()
  for (const [i, row] of starts.rows.entries())
    if (lengths[i]! < (lengths[nearest.get(row) ?? -1] ?? Number.POSITIVE_INFINITY)) nearest.set(row, i)
  return new Map([...nearest].map(([row, i]) => [row, starts.points.slice(i * size, (i + 1) * size)]))
}

/**
 * Every second try is uniform over the range, as in the paper. Such noise looks alike to most models, so the others are
 * uniform between two random bounds, which takes in plain black, grey and white; on pictures they come in blocks of
 * a random size.
 */
const noise = ({ target, size, low, high }: AttackContext, random: Random, number: number): Float32Array => {
  const level = (): number => low + (high - low) * random.uniform()
  const values = new Float32Array(size)
  if (number % 2 === 0) {
    for (let j = 0; j < size; j++) values[j] = level()
    return values
  }
  const [from, to] = [level(), level()]
  const place = blocks(target.dims, size, random)
  const levels = new Float32Array(1 + place(size - 1))
  for (let i = 0; i < levels.length; i++) levels[i] = from + (to - from) * random.uniform()
  for (let j = 0; j < size; j++) values[j] = levels[place(j)]!
  return values
}

/** Numbers the square blocks of a picture [..., height, width]; every value of other rows is a block. */
const blocks = (dims: readonly number[], size: number, random: Random): ((j: number) => number) => {
  if (dims.length < 3) return (j) => j
  const [height, width] = dims.slice(-2) as [number, number]
  const edge = 2 ** random.integer(1 + Math.floor(Math.log2(Math.min(height, width, size))))
  const across = Math.ceil(width / edge)
  const down = Math.ceil(height / edge)
  return (j) => {
    const line = Math.floor(j / width)
    const plane = Math.floor(line / height)
    return (plane * down + Math.floor((line % height) / edge)) * across + Math.floor((j % width) / edge)
  }
}
