import { BartizanError } from '../../base/errors.ts'

/** A file of a model, or the bytes [start, end) of one. */
export interface Part {
  /** Path below the model with "/" on every system; "." where the model is a single file. */
  readonly path: string
  /** Undefined where the part is the whole file. */
  readonly range?: { readonly start: number; readonly end: number }
}

export type Method = 'files' | 'shards'

export const resourceName = ({ path, range }: Part): string =>
  range === undefined ? path : `${path}:${range.start}:${range.end}`

/** Whether a path stays below the model and has only one spelling, so that a file can't be signed under two names. */
export const isPlainPath = (path: string): boolean =>
  path === '.' ||
  (path !== '' && !path.includes('\0') && path.split('/').every((name) => !['', '.', '..'].includes(name)))

const shardPattern = /^(.+):(0|[1-9]\d{0,15}):([1-9]\d{0,15})$/s

/** The part that a resource's name stands for. Throws EVIDENCE_INVALID where it is none or lies outside the model. */
export const parseResourceName = (name: string, method: Method): Part => {
  const [, shardPath, start, end] = (method === 'shards' && shardPattern.exec(name)) || []
  const path = method === 'files' ? name : shardPath
  const range = { start: Number(start), end: Number(end) }
  const isRange = method === 'files' || (range.start < range.end && Number.isSafeInteger(range.end))
  if (path !== undefined && isPlainPath(path) && isRange) return method === 'files' ? { path } : { path, range }
  throw new BartizanError('EVIDENCE_INVALID', `the signature lists ${JSON.stringify(name)}, which names no ${method}`, {
    data: { name, method },
  })
}

const compareCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const comparePaths = (a: string, b: string): number => {
  const [left, right] = [a.split('/'), b.split('/')]
  for (const [i, name] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    const order = compareCodePoints(name, other)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** The reference implementation's order: by folder and name (so a/b stands before a.b), then by position in the file. */
export const compareParts = (a: Part, b: Part): number =>
  comparePaths(a.path, b.path) || (a.range?.start ?? 0) - (b.range?.start ?? 0)
