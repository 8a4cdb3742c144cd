import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writeNpy } from '../../data/index.ts'
import { failure, scratch } from '../../data/testing.ts'
import { columnOf, tableFormat, withTable, withTables } from './index.ts'

const at = scratch()

const csv = (name = 'rows.csv'): string => {
  writeFileSync(at(name), 'age,city\n1,x\n2,y\n')
  return at(name)
}

describe('what is a table', () => {
  it.each(['rows.csv', 'rows.tsv'])('%s is one', async (name) => {
    expect(await tableFormat(csv(name))).toBe(name.slice(5))
  })

  it('an array and a folder are none, with the hint of the caller where there is one', async () => {
    await writeNpy(at('x.npy'), { dtype: 'float32', shape: [1], data: Float32Array.of(1) })
    mkdirSync(at('images'))
    for (const [name, format] of [
      ['x.npy', 'npy'],
      ['images', 'image-folder'],
    ] as const) {
      const error = await failure('DATA_FORMAT_UNSUPPORTED', () => tableFormat(at(name)))
      expect([error.message, error.data.format]).toEqual([`${at(name)} isn't a table (${format})`, format])
      expect(error.hint).toContain('CSV, TSV, JSONL and Parquet')
      const told = await failure('DATA_FORMAT_UNSUPPORTED', () => withTable(at(name), async () => 1, 'ask elsewhere'))
      expect(told.hint).toBe('ask elsewhere')
    }
  })
})

describe('an open table', () => {
  it('has its format, its columns and its rows, and is closed afterwards', async () => {
    const engine = await withTable(csv(), async ({ format, relation, engine }) => {
      expect([format, relation.columns.map(({ name }) => name)]).toEqual(['csv', ['age', 'city']])
      expect(await engine.rows(`SELECT city FROM ${relation.sql}`)).toEqual([{ city: 'x' }, { city: 'y' }])
      return engine
    })
    await expect(engine.rows('SELECT 1')).rejects.toThrow()
  })

  it('names the nearest column, or all of them', async () => {
    await withTable(csv(), async (table) => {
      expect(columnOf(table, 'age').name).toBe('age')
      expect((await failure('CONFIG_INVALID', () => columnOf(table, 'agee'))).hint).toBe('did you mean "age"?')
      expect((await failure('CONFIG_INVALID', () => columnOf(table, 'zzzzzzzz'))).hint).toBe(
        'its columns are: age, city',
      )
    })
  })

  it('closes the first where the second cannot be opened', async () => {
    const seen: unknown[] = []
    await failure('FILE_NOT_FOUND', () => withTables([csv(), at('none.csv')], async (...both) => seen.push(both)))
    expect(seen).toEqual([])
    expect(await withTables([csv(), csv('b.csv')], async (a, b) => [a.path, b.path])).toEqual([csv(), at('b.csv')])
  })
})
