import type { ExampleRow } from '../scan.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { TableValidation } from '../validate.ts'
import { validateArrays } from './array-validation.ts'
import type { DataItem } from './data-items.ts'
import type { DataKind } from './fitting.ts'
import type { ItemFault } from './image-validation.ts'

/** All images or rows of arrays with what they fail, and examples of each check. */
export interface Items extends Pick<TableValidation, 'checks' | 'examples'> {
  readonly items: readonly DataItem[]
}

const shown = 5

const examplesOf = (faults: readonly ItemFault[]): Items['examples'] => {
  const byCheck = new Map<string, ExampleRow[]>()
  for (const { check, row, image, problem } of faults) {
    const rows = byCheck.get(check) ?? []
    byCheck.set(check, rows)
    if (rows.length < shown) rows.push({ row, values: { image, problem } })
  }
  return [...byCheck].map(([check, rows]) => ({ check, rows }))
}

/** Images in a folder or an array. The decoders are loaded here, and only here. */
const imageItems = async (schema: LoadedSchema, path: string, kind: DataKind): Promise<Items> => {
  const { itemsOf, validateImages } = await import('./image-validation.ts')
  const { names, checks, faults } = await validateImages(schema, path, kind)
  return { checks, items: itemsOf(names, faults), examples: examplesOf(faults) }
}

const arrayItems = async (schema: LoadedSchema, path: string): Promise<Items> => {
  const { rows, checks, faults } = await validateArrays(schema, path)
  const errors = faults.filter(({ severity }) => severity === 'error')
  return {
    checks,
    items: Array.from({ length: rows }, (_, row) => ({
      row,
      reasons: errors.flatMap(({ check, rows: faulty }) => (faulty[row] === 1 ? [check] : [])),
    })),
    examples: faults.map(({ check, first }) => ({
      check,
      rows: first.map(({ row, place, value }) => ({ row, values: { place, value } })),
    })),
  }
}

/** Everything that the schema's sections say about single images or rows of arrays, but for their labels. */
export const itemsAt = async (schema: LoadedSchema, path: string, kind: 'images' | 'arrays'): Promise<Items> => {
  if (kind === 'images') return imageItems(schema, path, kind)
  const arrays = await arrayItems(schema, path)
  if (schema.sections?.images === undefined) return arrays
  const images = await imageItems(schema, path, kind)
  return {
    checks: [...arrays.checks, ...images.checks],
    items: arrays.items.map(({ row, reasons }) => ({
      row,
      reasons: [...reasons, ...(images.items[row]?.reasons ?? [])],
    })),
    examples: [...arrays.examples, ...images.examples],
  }
}
