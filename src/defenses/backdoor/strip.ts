import { stream } from '../../base/random.ts'
import type { Figure } from '../../contract/index.ts'
import type { AttackedModel } from '../../models/attacked-model.ts'
import { forward } from '../../models/program.ts'
import { conformalThreshold, figure } from '../../stats/index.ts'

export interface StripOptions {
  readonly model: AttackedModel
  /** Clean rows that others are blended with. */
  readonly pool: Float32Array
  /** Blends of a row; the paper takes 100. */
  readonly copies?: number
  /** Share of the clean row in a blend. */
  readonly alpha?: number
  readonly seed: number
}

/** Values that are handed to the model at once. */
const valuesAtOnce = 2 ** 22

/**
 * STRIP (Gao et al. 2019, arXiv:1902.06531): the mean entropy, in bits, of what the model says to blends of a row with
 * clean ones. A row whose class survives whatever is blended in has a low entropy: a trigger decides there. One value a
 * row; the entropy of each blend is over classes, and the mean over blends.
 */
export const stripEntropies = async (
  x: Float32Array,
  { model, pool, copies = 100, alpha = 0.5, seed }: StripOptions,
): Promise<Float64Array> => {
  const { size, classes } = model
  const [rows, available] = [x.length / size, pool.length / size]
  const entropies = new Float64Array(rows)
  if (available === 0 || rows === 0) return entropies
  const program = await model.program(forward)
  const together = Math.max(1, Math.floor(valuesAtOnce / (copies * size)))
  for (let from = 0; from < rows; from += together) {
    const count = Math.min(together, rows - from)
    const blends = new Float32Array(count * copies * size)
    for (let row = 0; row < count; row++) {
      const random = stream(seed, 'strip', from + row)
      for (let copy = 0; copy < copies; copy++) {
        const other = random.integer(available) * size
        const at = (row * copies + copy) * size
        for (let i = 0; i < size; i++)
          blends[at + i] = (1 - alpha) * x[(from + row) * size + i]! + alpha * pool[other + i]!
      }
    }
    const { logits } = await program.run(count * copies, { x: blends })
    for (let blend = 0; blend < count * copies; blend++)
      entropies[from + Math.floor(blend / copies)]! +=
        entropyOf(logits!.subarray(blend * classes, (blend + 1) * classes)) / copies
  }
  return entropies
}

/** Entropy of softmax(logits), in bits. */
export const entropyOf = (logits: Float32Array): number => {
  const most = logits.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY)
  let [total, weighted] = [0, 0]
  for (const logit of logits) {
    const apart = logit - most
    const weight = Math.exp(apart)
    total += weight
    weighted += weight === 0 ? 0 : weight * apart
  }
  return Math.max(0, (Math.log(total) - weighted / total) / Math.LN2)
}

export interface StripScreen {
  /** Rows with a lower entropy are suspicious. */
  readonly threshold: number
  suspicious(entropies: Float64Array): Figure
}

/**
 * The threshold that at most `rate` of clean rows fall below, from the entropies of some: conformal, so that the rate
 * holds whatever their distribution (the paper assumes a normal one).
 */
export const stripScreen = (clean: Float64Array, rate: number): StripScreen => {
  const threshold = -conformalThreshold(
    clean.map((entropy) => -entropy),
    rate,
  ).threshold
  return {
    threshold,
    suspicious: (entropies) => figure(entropies.filter((entropy) => entropy < threshold).length, entropies.length),
  }
}
