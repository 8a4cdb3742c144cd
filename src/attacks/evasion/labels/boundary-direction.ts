import type { AttackContext } from '../../../threat/attack.ts'
import type { RowPoints } from './boundary-search.ts'
import type { LabelOracle } from './label-oracle.ts'

export interface DirectionRequest extends RowPoints {
  /** Random points to ask about, for each place. */
  readonly counts: Int32Array
  /** How far from the boundary point they lie, for each place. */
  readonly radii: Float64Array
  /** Keys the random numbers. */
  readonly iteration: number
}

/** Values of the points that are under way at once: they stay in the processor's cache, whatever the batch. */
const valuesAtOnce = 2 ** 20
const pointsAtOnce = 1024

/**
 * Estimates, at each boundary point, the direction in which the adversarial side lies: the mean of random unit
 * directions u weighted by phi - mean(phi), where phi is 1 if the point at `radius` along u is adversarial and else -1
 * (equation 16 of the paper). Clipping to the range shortens a direction, and what was asked is what counts.
 *
 * Directions are uniform on the sphere, as normalised normals; those of a row are a function of the row and the
 * iteration alone. Returns directions of unit L2 norm; zeros where there is nothing to go by.
 */
export const boundaryDirections = async (
  context: AttackContext,
  oracle: LabelOracle,
  request: DirectionRequest,
): Promise<Float32Array> => {
  const { size, random } = context
  const { rows, counts, points, radii, iteration } = request
  const batch = Math.max(1, Math.min(pointsAtOnce, Math.floor(valuesAtOnce / size)))
  const total = counts.reduce((sum, count) => sum + count, 0)
  const asked = new Float32Array(Math.min(batch, total) * size)
  const owners = new Int32Array(Math.min(batch, total))
  const sums = {
    inside: new Float32Array(rows.length * size),
    outside: new Float32Array(rows.length * size),
    hits: new Int32Array(rows.length),
  }
  let filled = 0
  const flush = async (): Promise<void> => {
    const places = owners.subarray(0, filled)
    const answers = await oracle.ask(
      places.map((at) => rows[at]!),
      asked.subarray(0, filled * size),
    )
    for (let i = 0; i < filled; i++) {
      const at = places[i]!
      if (answers[i]) sums.hits[at]!++
      addDifference(answers[i] ? sums.inside : sums.outside, points, at * size, asked, i * size, size)
    }
    filled = 0
  }
  for (let at = 0; at < rows.length; at++) {
    const numbers = random(rows[at]!, 'directions', iteration)
    for (let left = counts[at]!; left > 0; ) {
      const block = Math.min(left, batch - filled)
      const into = asked.subarray(filled * size, (filled + block) * size)
      numbers.fillNormals(into)
      for (let k = 0; k < block; k++) displace(into, k * size, points, at * size, radii[at]!, context)
      owners.fill(at, filled, filled + block)
      filled += block
      left -= block
      if (filled === batch) await flush()
    }
  }
  if (filled > 0) await flush()
  return contrasts(sums, counts, size)
}

/**
 * Turns the normals from `to` on into the point at `radius` from `points[from…]` along them, clipped to the range. The
 * clip is max(v, 0) = (v + |v|) / 2: half of a picture may lie on a bound, and a branch would be mispredicted there.
 */
const displace = (
  values: Float32Array,
  to: number,
  points: Float32Array,
  from: number,
  radius: number,
  { size, low, high }: AttackContext,
): void => {
  let squares = 0
  for (let j = to; j < to + size; j++) squares += values[j]! * values[j]!
  const scale = radius / Math.sqrt(squares)
  const range = high - low
  for (let j = 0; j < size; j++) {
    const above = points[from + j]! + scale * values[to + j]! - low
    const below = range - 0.5 * (above + Math.abs(above))
    values[to + j] = high - 0.5 * (below + Math.abs(below))
  }
}

const addDifference = (
  into: Float32Array,
  points: Float32Array,
  from: number,
  asked: Float32Array,
  at: number,
  size: number,
): void => {
  for (let j = 0; j < size; j++) into[from + j]! += asked[at + j]! - points[from + j]!
}

interface Sums {
  /** Sum of the displacements that ended on the adversarial side, and of the others. */
  readonly inside: Float32Array
  readonly outside: Float32Array
  readonly hits: Int32Array
}

/** Sum of (phi - mean phi) u, to unit length. Where all answers are alike: towards, or away from, the mean of all. */
const contrasts = ({ inside, outside, hits }: Sums, counts: Int32Array, size: number): Float32Array => {
  const result = inside
  for (let at = 0; at < counts.length; at++) {
    const share = hits[at]! / counts[at]!
    const mixed = share > 0 && share < 1
    let squares = 0
    for (let j = at * size; j < (at + 1) * size; j++) {
      result[j] = mixed ? (1 - share) * inside[j]! - share * outside[j]! : inside[j]! - outside[j]!
      squares += result[j]! * result[j]!
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let j = at * size; j < (at + 1) * size; j++) result[j]! *= scale
  }
  return result
}
