import { BartizanError } from '../../../base/errors.ts'
import type { Adapter } from '../adapter.ts'
import * as axes from './axes.ts'
import * as bounds from './bounds.ts'
import * as normalisation from './normalisation.ts'
import * as renaming from './renaming.ts'
import * as resizing from './resizing.ts'
import * as softmax from './softmax.ts'

const families: readonly Readonly<Record<string, Adapter>>[] = [
  axes,
  bounds,
  normalisation,
  renaming,
  resizing,
  softmax,
]

const adaptersByOp = (adapters: readonly Adapter[]): ReadonlyMap<string, readonly Adapter[]> => {
  const table = new Map<string, Adapter[]>()
  for (const adapter of adapters)
    for (const op of [adapter.op].flat() as string[]) {
      const list = table.get(op) ?? []
      if (list.some(({ until }) => until === adapter.until))
        throw new BartizanError('INTERNAL', `two adapters bring ${op} to operator set ${adapter.until}`)
      table.set(
        op,
        [...list, adapter].sort((a, b) => a.until - b.until),
      )
    }
  return table
}

const table = adaptersByOp(families.flatMap((family) => Object.values(family)))

/** The next step for an operator of a version, if its form has changed since. */
export const adapterFor = (op: string, version: number): Adapter | undefined =>
  table.get(op)?.find(({ until }) => until > version)
