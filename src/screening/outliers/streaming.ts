import { BartizanError } from '../../base/errors.ts'
import { stream } from '../../base/random.ts'
import type { DataSet } from '../../data/index.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import { type AnyOutlierDetector, type FittedDetector, fitOutliers } from './detector.ts'
import type { Rows } from './rows.ts'

/** Many rows at once: ECOD and COPOD place them among the fitted ones in order, and the next is then near. */
const rowsAtOnce = (width: number): number => Math.max(1, Math.floor(2 ** 21 / width))

export interface StreamedFit {
  readonly parameters?: AnyParameters
  readonly seed: number
  readonly threads?: number
  /** Bytes that the fit may take; what needs more is refused before rows are read. Default 1.5 GiB. */
  readonly memory?: number
}

/**
 * Bytes at the peak of a fit on so many rows and of scoring them in batches, about: the rows that the fit looks at, and
 * what the detector makes of them.
 */
export const fitMemory = (
  detector: AnyOutlierDetector,
  { rows, width }: { readonly rows: number; readonly width: number },
  parameters?: AnyParameters,
): number => {
  const fitted = fittedRows(detector, rows, parameters)
  return 4 * fitted * width + detector.memory(fitted, width)
}

const fittedRows = (detector: AnyOutlierDetector, rows: number, parameters: AnyParameters | undefined): number =>
  detector.sample?.(rows, resolveParameters(detector.id, detector.parameters, parameters)) ?? rows

/**
 * Fits a detector on a data set in one pass: a detector that looks at a sample gets one, drawn by the seed; any other
 * all rows, in memory. Throws CONFIG_INVALID where that is more memory than allowed; values that are NaN or infinite are refused
 * with their place by the data set itself (DATA_CORRUPT).
 */
export const fitOnDataSet = async (
  detector: AnyOutlierDetector,
  set: DataSet,
  { parameters, seed, threads, memory = 1.5 * 2 ** 30 }: StreamedFit,
): Promise<FittedDetector> => {
  const width = set.shape.reduce((product, size) => product * size, 1)
  const needed = fitMemory(detector, { rows: set.rows, width }, parameters)
  if (needed > memory)
    throw new BartizanError(
      'CONFIG_INVALID',
      `${detector.id} would need about ${mebibytes(needed)} MiB for ${set.rows} rows of ${width}; ${mebibytes(memory)} are allowed`,
      { hint: 'fit it on some of the rows (--rows), or choose isolation-forest, which looks at a sample' },
    )
  const random = stream(seed, 'outliers', detector.id)
  const chosen = sampled(set.rows, fittedRows(detector, set.rows, parameters), random.fork('sample'))
  const values = new Float32Array(chosen.length * width)
  let next = 0
  for await (const { from, rows, x } of set.batches(rowsAtOnce(width))) {
    const floats = floatsOf(set, x)
    for (; next < chosen.length && chosen[next]! < from + rows; next++) {
      const at = (chosen[next]! - from) * width
      values.set(floats.subarray(at, at + width), next * width)
    }
  }
  return fitOutliers(
    detector,
    { values, rows: chosen.length, width },
    { parameters, threads, random: random.fork('fit') },
  )
}

/** Scores of a data set's rows, a batch at a time. */
export async function* scoreDataSet(
  fitted: FittedDetector,
  set: DataSet,
): AsyncGenerator<{ readonly from: number; readonly scores: Float64Array }> {
  for await (const { from, rows, x } of set.batches(rowsAtOnce(fitted.width))) {
    const batch: Rows = { values: floatsOf(set, x), rows, width: x.length / rows }
    yield { from, scores: await fitted.score(batch) }
  }
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)

const floatsOf = (set: DataSet, x: Float32Array | BigInt64Array): Float32Array => {
  if (x instanceof Float32Array) return x
  throw new BartizanError('DATA_SHAPE_MISMATCH', `${set.path} holds whole numbers; outliers are sought in real ones`)
}

/** `count` of `rows` rows, ascending, each set of them with the same chance (Knuth's algorithm S). */
const sampled = (rows: number, count: number, random: { uniform(): number }): Int32Array => {
  if (count >= rows) return Int32Array.from({ length: rows }, (_, row) => row)
  const chosen = new Int32Array(count)
  let taken = 0
  for (let row = 0; taken < count; row++) if ((rows - row) * random.uniform() < count - taken) chosen[taken++] = row
  return chosen
}
