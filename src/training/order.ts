import { permutation } from '../base/permutation.ts'
import { stream } from '../base/random.ts'

/** The order of the rows in an epoch: a permutation that is a function of seed and epoch only. */
export const shuffled = (rows: number, seed: number, epoch: number): Int32Array =>
  permutation(rows, stream(seed, 'order', epoch))

/**
 * Rows held out for validation and the others: every class gives the same share (stratified), and which rows are held
 * out depends on the seed only.
 */
export const holdOut = (
  labels: Int32Array,
  share: number,
  seed: number,
): { readonly training: Int32Array; readonly validation: Int32Array } => {
  const byClass = new Map<number, number[]>()
  for (const row of shuffled(labels.length, seed, -1)) {
    const rows = byClass.get(labels[row]!) ?? []
    byClass.set(labels[row]!, rows)
    rows.push(row)
  }
  const held = new Set([...byClass.values()].flatMap((rows) => rows.slice(0, Math.round(rows.length * share))))
  const all = Int32Array.from(labels.keys())
  return { training: all.filter((row) => !held.has(row)), validation: all.filter((row) => held.has(row)) }
}
