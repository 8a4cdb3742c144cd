import type { Random } from '../../base/random.ts'
import type { AttackContext } from '../../threat/attack.ts'
import { distances } from '../../threat/norm.ts'
import { gatherRows, rowsWhere, scatterRows } from '../../threat/rows.ts'
import { drawNearer, type RowPoints } from './boundary-search.ts'
import type { LabelOracle } from './label-oracle.ts'

const triesAtOnce = 10
/** Enough halvings to tell which of several starts leads to the nearest boundary. */
const coarse = 1 / 16

/**
 * Looks for an adversarial point of each row in noise, in rounds of ten tries. In the first round with a hit, all hits
 * are drawn towards the row and the nearest is kept. Rows that no try reaches are left out: a decision-based attacker
 * without data of its own has nothing else to start from.
 */
export const noiseStarts = async (context: AttackContext, oracle: LabelOracle, tries: number): Promise<RowPoints> => {
  const { rows, size, x0, norm } = context
  const found = x0.slice()
  const reached = new Uint8Array(rows)
  for (let done = 0; done < tries; done += triesAtOnce) {
    const owners = tryOwners(oracle, reached, Math.min(triesAtOnce, tries - done))
    if (owners.length === 0) break
    const points = new Float32Array(owners.length * size)
    for (const [i, row] of owners.entries()) {
      const number = i - owners.indexOf(row) + done
      noise(context, context.random(row, 'start', number), number, points.subarray(i * size, (i + 1) * size))
    }
    const adversarial = await oracle.ask(owners, points)
    const hits = rowsWhere(owners.length, (i) => adversarial[i] === 1)
    const starts = { rows: gatherRows(owners, hits, 1), points: gatherRows(points, hits, size) }
    await drawNearer(context, oracle, starts, coarse)
    const lengths = distances(norm, starts.points, gatherRows(x0, starts.rows, size), size)
    const nearest = new Map<number, number>()
    for (const [i, row] of starts.rows.entries())
      if (!nearest.has(row) || lengths[i]! < lengths[nearest.get(row)!]!) nearest.set(row, i)
    for (const [row, i] of nearest) {
      reached[row] = 1
      found.set(starts.points.subarray(i * size, (i + 1) * size), row * size)
    }
  }
  const started = rowsWhere(rows, (row) => reached[row] === 1)
  return { rows: started, points: gatherRows(found, started, size) }
}

/** Each row without a start yet, as often as it may try. */
const tryOwners = (oracle: LabelOracle, reached: Uint8Array, tries: number): Int32Array =>
  Int32Array.from(
    [...reached].flatMap((is, row) => (is ? [] : Array<number>(Math.min(tries, oracle.left(row))).fill(row))),
  )

/**
 * Every second try is uniform over the range, as in the paper. Such noise looks alike to most models, so the others are
 * uniform between two random bounds, which takes in plain black, grey and white; on pictures they are drawn in
 * blocks of a random size.
 */
const noise = ({ target, low, high }: AttackContext, random: Random, number: number, into: Float32Array): void => {
  const level = (): number => low + (high - low) * random.uniform()
  if (number % 2 === 0) {
    for (let j = 0; j < into.length; j++) into[j] = level()
    return
  }
  const [from, to] = [level(), level()]
  const [height, width] = target.dims.length >= 3 ? target.dims.slice(-2) : [1, into.length]
  const block = target.dims.length >= 3 ? 2 ** random.integer(1 + Math.floor(Math.log2(width!))) : 1
  const across = Math.ceil(width! / block)
  const down = Math.ceil(height! / block)
  const planes = into.length / (height! * width!)
  const levels = Float64Array.from({ length: planes * down * across }, () => from + (to - from) * random.uniform())
  for (let j = 0; j < into.length; j++) {
    const column = j % width!
    const line = Math.floor(j / width!)
    const plane = Math.floor(line / height!)
    into[j] = levels[(plane * down + Math.floor((line % height!) / block)) * across + Math.floor(column / block)]!
  }
}
