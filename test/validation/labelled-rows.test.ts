import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { writeNpz } from '../../src/data/index.ts'
import { parseSchema } from '../../src/screening/validation/schema/load-schema.ts'
import { validateData } from '../../src/screening/validation/validate-data.ts'

// Rows without a label, or with one that is no class, are quarantined like all others that fail a check.

const newFolder = scratchFolders()

const validated = async (folder: string, name: string, schema: string) => {
  const at = (file: string): string => join(folder, file)
  const found = await validateData({
    path: at(name),
    schema: parseSchema(schema, at('schema.yaml'), at(name)),
    now: 0,
    quarantine: at('bad.csv'),
    passed: at('good.csv'),
  })
  const lines = (file: string): readonly string[] => readFileSync(at(file), 'utf8').trim().split('\n')
  return { ...found, bad: lines('bad.csv'), good: lines('good.csv') }
}

const table = (text: string): string => {
  const folder = newFolder()
  writeFileSync(join(folder, 'rows.csv'), text)
  return folder
}
const columns = "columns: {x: {}, y: {null-like: ['?']}}\n"

describe('rows whose label is missing or no class', () => {
  it('are quarantined from a table, by their numbers in the file, beside lines that can not be read', async () => {
    const folder = table('x,y\n1,a\n2,z\n3,b,too many\n4,\n5,?\n6,b\n')
    const found = await validated(folder, 'rows.csv', `${columns}labels: {column: y, classes: [a, b]}`)
    expect(found.rows).toEqual({ in: 6, passed: 2, quarantined: 4 })
    expect(found.checks.find(({ id }) => id === 'labels.classes')).toMatchObject({ verdict: 'failed', measured: 3 })
    expect(found.bad.slice(1).map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      '1 labels.classes',
      '2 table.readable',
      '3 labels.classes',
      '4 labels.classes',
    ])
    expect(found.good).toEqual(['x,y', '1,a', '6,b'])
    expect(found.examples.find(({ check }) => check === 'labels.classes')?.rows.map(({ row }) => row)).toEqual([
      1, 3, 4,
    ])
  })

  it('are those without any label where no classes are declared', async () => {
    const found = await validated(table('x,y\n1,a\n2,\n3,z\n'), 'rows.csv', `${columns}labels: {column: y}`)
    expect(found.rows).toEqual({ in: 3, passed: 2, quarantined: 1 })
  })

  it('stay where that is but a warning, and where no row has a label', async () => {
    const graded = `${columns}labels: {column: y, classes: [a], severity: warning}`
    const warned = await validated(table('x,y\n1,a\n2,z\n'), 'rows.csv', graded)
    expect(warned.rows).toEqual({ in: 2, passed: 2, quarantined: 0 })
    expect(warned.examples.find(({ check }) => check === 'labels.classes')?.rows).toHaveLength(1)
    const none = await validated(table('x,y\n1,\n2,\n'), 'rows.csv', `${columns}labels: {column: y}`)
    expect(none.checks.find(({ id }) => id === 'labels.classes')?.verdict).toBe('inconclusive')
    expect(none.rows.quarantined).toBe(0)
  })

  it('are listed of arrays, with their other faults', async () => {
    const folder = newFolder()
    const x = { dtype: 'float32' as const, shape: [5, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 70, 8, 9) }
    const y = { dtype: 'float32' as const, shape: [5], data: Float32Array.of(0, 1, Number.NaN, 7, 1) }
    await writeNpz(join(folder, 'rows.npz'), { x, y })
    const schema = 'arrays: {x: {max: 50}, y: {}}\nlabels: {array: y, classes: [0, 1]}'
    const found = await validated(folder, 'rows.npz', schema)
    expect(found.rows).toEqual({ in: 5, passed: 3, quarantined: 2 })
    expect(found.bad.slice(1)).toEqual(['2,arrays.y.finite; labels.classes', '3,arrays.x.range; labels.classes'])
  })
})
