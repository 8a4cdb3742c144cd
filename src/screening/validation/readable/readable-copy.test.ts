import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../../base/testing.ts'
import { parseSchema } from '../schema/load-schema.ts'
import { trials } from '../testing.ts'
import { validateTable } from '../validate.ts'
import { longestRow } from './csv-row.ts'
import { readableCopy } from './readable-copy.ts'

const newFolder = scratchFolders()
const trial = trials()

const parted = async (bytes: string | Uint8Array, name = 'data.csv') => {
  const path = join(newFolder(), name)
  writeFileSync(path, bytes)
  const copy = await readableCopy(path, name.includes('jsonl') ? 'jsonl' : 'csv')
  try {
    const lines = readFileSync(copy.unreadable, 'utf8').split('\n').slice(0, -1)
    return {
      rows: readFileSync(copy.path, 'utf8'),
      numbers: readFileSync(copy.numbers, 'utf8').split('\n').slice(0, -1).map(Number),
      unreadable: lines.map((line) => JSON.parse(line) as { row: number; line: number; problem: string; text: string }),
      count: copy.count,
    }
  } finally {
    await copy.remove()
    expect(existsSync(copy.path)).toBe(false)
  }
}

describe('lines that are no rows', () => {
  it('are told apart with their number in the file, what is wrong and their text', async () => {
    const { rows, numbers, unreadable, count } = await parted(
      'a,b\r\n1,2\r\n3\r\n4,"x\r\ny"\r\n\r\n5,"open\r\n6,7\r\n8,"he said "hi""\r\n9,10,11\r\n12,ab"c',
    )
    expect(rows).toBe('a,b\n1,2\n4,"x\r\ny"\n6,7\n"12","ab""c"\n')
    expect(numbers).toEqual([0, 2, 4, 7])
    expect(count).toBe(4)
    expect(unreadable).toEqual([
      { row: 1, line: 3, problem: 'it has 1 cells, the first line has 2', text: '3' },
      { row: 3, line: 7, problem: 'a quoted cell goes on after its closing quote', text: '5,"open' },
      { row: 5, line: 9, problem: 'a quoted cell goes on after its closing quote', text: '8,"he said "hi""' },
      { row: 6, line: 10, problem: 'it has 3 cells, the first line has 2', text: '9,10,11' },
    ])
  })

  it('are bytes that are no UTF-8, and a quote that is never closed takes its own line only', async () => {
    const { numbers, unreadable } = await parted(Buffer.from('a,b\n1,\xff\n2,"x\n3,4\n', 'latin1'))
    expect(unreadable.map(({ row, problem }) => [row, problem])).toEqual([
      [0, 'it is not UTF-8'],
      [1, 'a quoted cell is not closed'],
    ])
    expect(unreadable[0]?.text).toBe('1,\ufffd')
    expect(numbers).toEqual([2])
  })

  it('are found in gzip and across the pieces that the file is read in', async () => {
    const good = `${'x'.repeat(99)},"${'y"",\n'.repeat(20)}"\n`.repeat(20_000)
    const { unreadable, numbers } = await parted(gzipSync(`a,b\n${good}1,2,3\n${good}`), 'data.csv.gz')
    expect(unreadable).toEqual([expect.objectContaining({ row: 20_000, line: 2 + 21 * 20_000, text: '1,2,3' })])
    expect(numbers.length).toBe(40_000)
    expect(numbers.at(-1)).toBe(40_000)
  })

  it('are longer than the engine reads', async () => {
    const { unreadable, numbers } = await parted(`a,b\n1,${'x'.repeat(longestRow)}\n3,4\n`)
    expect(unreadable).toEqual([expect.objectContaining({ row: 0, problem: `it is longer than ${longestRow} bytes` })])
    expect(numbers).toEqual([1])
  })

  it('are JSON that is broken or no object', async () => {
    const { unreadable, numbers } = await parted('{"a":1}\n{"a":\n[1]\n\n{"a":2}', 'data.jsonl')
    expect(unreadable.map(({ line, problem }) => [line, problem])).toEqual([
      [2, 'it is no JSON'],
      [3, 'it is no JSON object'],
    ])
    expect(numbers).toEqual([0, 3])
  })
})

it('counts every row of a damaged table once, passed or quarantined, whatever the damage', async () => {
  const folder = newFolder()
  const [path, quarantine, passed] = ['data.csv', 'bad.jsonl', 'good.csv'].map((name) => join(folder, name))
  const loaded = parseSchema('columns: {a: {}, b: {max-length: 4}}', join(folder, 's.yaml'), path!)
  const pieces = fc.constantFrom('a', ',', '"', '\n', '1,2\n', '"x","y"\n', 'é', '\r\n', ' ', '12345')
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { minLength: 12, maxLength: 30 }), async (parts) => {
      writeFileSync(path!, `a,b\n${parts.join('')}`)
      const result = await validateTable({
        path: path!,
        schema: loaded,
        now: 0,
        quarantine: quarantine!,
        passed: passed!,
      })
      const bad = readFileSync(quarantine!, 'utf8').split('\n').slice(0, -1)
      expect(result.rows.quarantined).toBe(bad.length)
      expect(result.rows.in).toBe(result.rows.passed + result.rows.quarantined)
      const rows = bad.map((line) => JSON.parse(line) as { bartizan_row: number; bartizan_reasons: string[] })
      expect(rows.every(({ bartizan_reasons }) => bartizan_reasons.length > 0)).toBe(true)
      expect(new Set(rows.map(({ bartizan_row }) => bartizan_row)).size).toBe(rows.length)
      expect(rows.every(({ bartizan_row }) => bartizan_row < result.rows.in)).toBe(true)
    }),
    { numRuns: 8, seed: 3 },
  )
})

it('keeps the row numbers of the file for the rows after an unreadable one, for JSONL too', async () => {
  const schema = 'columns: {a: {type: integer, max: 4}}'
  const csv = await trial('a\n1\n2,3\n9\n', schema)
  const jsonl = await trial('{"a":1}\n{"a"\n{"a":9}\n', schema, { name: 'data.jsonl' })
  for (const { examples, rows } of [csv, jsonl]) {
    expect(rows).toEqual({ in: 3, passed: 1, quarantined: 2 })
    expect(examples.map(({ check, rows: [first] }) => [check, first?.row])).toEqual([
      ['table.readable', 1],
      ['a.range', 2],
    ])
  }
})
