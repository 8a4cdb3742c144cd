import type { Content } from '../content.ts'
import { stringAt } from './literals.ts'
import { type Dict, type Instance, isKind, type Value } from './values.ts'

/** Raw data that joblib writes into the pickle behind an array's wrapper. */
export type RawArray =
  | { readonly kind: 'bytes'; readonly length: number }
  /** An array of Python objects: a pickle of its own. */
  | { readonly kind: 'pickle' }
  | { readonly kind: 'unknown' }

const itemSizes: Readonly<Record<string, number>> = { b: 1, '?': 1 }

const entry = (content: Content, dict: Dict, key: string): Value | undefined =>
  dict.entries.find(([name]) => typeof name === 'number' && stringAt(content, name) === key)?.[1]

/** Bytes of one item of a dtype as NumPy pickles it: ('f8', False, True), then its state, which has the size of texts. */
const itemSizeOf = (content: Content, dtype: Value | undefined): number | 'object' | undefined => {
  if (!isKind(dtype, 'instance') || !isKind(dtype.args, 'tuple')) return undefined
  const code = dtype.args.items[0]
  const text = typeof code === 'number' ? stringAt(content, code) : undefined
  const match = text === undefined ? null : /^[<>|=]?([a-zA-Z?])(\d*)$/.exec(text)
  if (match === null) return undefined
  const [, letter = '', digits = ''] = match
  if (letter === 'O') return 'object'
  const state = isKind(dtype.state, 'tuple') ? dtype.state.items : []
  if (letter === 'V' && isKind(state.at(-1), 'whole') && flagsHoldObjects(state.at(-1)!)) return 'object'
  if (letter === 'U') return Number(digits) * 4
  return digits === '' ? itemSizes[letter] : Number(digits)
}

const flagsHoldObjects = (flags: Value): boolean => isKind(flags, 'whole') && (flags.value & 1) === 1

/** What follows the state of a joblib.numpy_pickle.NumpyArrayWrapper at `position` (joblib's NumpyArrayWrapper.read_array). */
export const rawArrayAfter = (content: Content, { state }: Instance, position: number): RawArray => {
  if (!isKind(state, 'dict')) return { kind: 'unknown' }
  const size = itemSizeOf(content, entry(content, state, 'dtype'))
  if (size === 'object') return { kind: 'pickle' }
  const shape = entry(content, state, 'shape')
  if (size === undefined || !isKind(shape, 'tuple')) return { kind: 'unknown' }
  const sides = shape.items.map((side) => (isKind(side, 'whole') ? side.value : Number.NaN))
  const length = sides.reduce((product, side) => product * side, size)
  const alignment = entry(content, state, 'numpy_array_alignment_bytes')
  // Since joblib 1.2 a byte says how much padding stands before the data.
  const padding = isKind(alignment, 'whole') ? 1 + (content.read(position, 1)[0] ?? 0) : 0
  return Number.isSafeInteger(length) && length >= 0 ? { kind: 'bytes', length: length + padding } : { kind: 'unknown' }
}
