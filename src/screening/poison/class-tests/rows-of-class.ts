import { permutation } from '../../../base/permutation.ts'
import type { Random } from '../../../base/random.ts'

/** Rows of each class, ascending. */
export const rowsOfClasses = (labels: Int32Array, classes: number): readonly Int32Array[] => {
  const rows = Array.from({ length: classes }, (): number[] => [])
  for (const [row, label] of labels.entries()) rows[label]?.push(row)
  return rows.map((at) => Int32Array.from(at))
}

/** At most `most` of the rows, drawn without replacement; ascending. */
export const sampleOf = (at: Int32Array, most: number, random: Random): Int32Array =>
  at.length <= most
    ? at
    : permutation(at.length, random)
        .slice(0, most)
        .sort()
        .map((i) => at[i]!)
