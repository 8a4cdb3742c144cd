import { BartizanError } from '../../base/errors.ts'
import type { Classifier } from '../../models/classifier.ts'
import type { ProgramSpec } from '../../models/program.ts'
import type { Range } from './scales.ts'

/** Representative rows, in the classifier's own units. */
export interface CalibrationRows {
  readonly x: Float32Array | BigInt64Array
  readonly rows: number
}

/**
 * The least and greatest of each named value of the model over the rows; names that the classifier's normalised graph
 * lacks are left out. Throws DATA_SHAPE_MISMATCH without rows, MODEL_OUTPUT_INVALID for values that aren't finite.
 */
export const activationRanges = async (
  classifier: Classifier,
  names: readonly string[],
  { x, rows }: CalibrationRows,
): Promise<ReadonlyMap<string, Range>> => {
  if (rows < 1 || x.length !== rows * classifier.size)
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${x.length} values don't make ${rows} calibration rows of ${classifier.size}`,
      { hint: 'quantisation needs at least one row to see what ranges activations take; some hundreds are better' },
    )
  const program = await classifier.program(extremes(names))
  const results = await program.run(rows, { x })
  const ranges = names.flatMap((name, i) => {
    const [low, high] = [results[`low ${i}`], results[`high ${i}`]]
    return low && high ? [[name, rangeOf(name, low, high)] as const] : []
  })
  return new Map(ranges)
}

/** Not every value has rows as its first axis: each row gets the extremes of the whole batch. */
const extremes = (names: readonly string[]): ProgramSpec => ({
  key: `activation ranges of ${JSON.stringify(names)}`,
  inputs: {},
  build: ({ g, logits }) => {
    const perRow = g.zerosLike(g.reduceMax(logits, [1]))
    const present = [...names.entries()].filter(([, name]) => g.has(name))
    return Object.fromEntries(
      present.flatMap(([i, name]) => [
        [`low ${i}`, g.add(perRow, g.reduceMin(g.value(name)))],
        [`high ${i}`, g.add(perRow, g.reduceMax(g.value(name)))],
      ]),
    )
  },
})

const rangeOf = (name: string, lows: Float32Array, highs: Float32Array): Range => {
  const low = lows.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = highs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  if (Number.isFinite(low) && Number.isFinite(high)) return { low, high }
  throw new BartizanError('MODEL_OUTPUT_INVALID', `"${name}" takes values from ${low} to ${high} on these rows`, {
    hint: 'a range can only be spread over 8 bits where it is finite: look at the rows and the preprocessing',
    data: { value: name, low, high },
  })
}
