import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstCells } from '../../src/screening/validation/csv-header.ts'
import { parseSchema } from '../../src/screening/validation/schema/load-schema.ts'
import { validateTable } from '../../src/screening/validation/validate.ts'

const schema = `
null-like: ["", NA]
columns:
  a: {type: integer, min: 0, unique: true}
  b: {type: string, max-length: 3, regex: '[^x]*'}
  c: {required: true, set: [p, q], severity: warning}
checks: [{id: both, sql: a < 50 OR b = 'ok'}]
`
const cell = fc.oneof(
  fc.constantFrom('', 'NA', 'x', 'p', 'q', 'ok', '1.5', '7', 'a"b', 'a,b', 'a\nb', ' ', '\u0001', "'"),
  fc.integer({ min: -3, max: 99 }).map(String),
  fc.string({ unit: 'grapheme', maxLength: 5 }).filter((text) => !/[\0\r]/.test(text)),
)
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** The records of a CSV text, by the reader of header lines. */
const records = (text: string): readonly (readonly string[])[] => {
  const found: (readonly string[])[] = []
  for (let rest = text; rest !== ''; ) {
    let end = 0
    for (let open = false; end < rest.length && (open || rest[end] !== '\n'); end++) if (rest[end] === '"') open = !open
    found.push(firstCells(rest.slice(0, end), ',') ?? [])
    rest = rest.slice(end + 1)
  }
  return found
}

it('splits the rows into those passed and those quarantined, whole, unchanged and in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-test-'))
  const path = join(folder, 'data.csv')
  const [quarantine, passed] = [join(folder, 'bad.csv'), join(folder, 'good.csv')]
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 12 }), async (rows) => {
        writeFileSync(path, `a,b,c\n${rows.map((row) => `${row.map(quoted).join(',')}\n`).join('')}`)
        const loaded = parseSchema(schema, join(folder, 's.yaml'), path)
        const result = await validateTable({ path, schema: loaded, now: 0, quarantine, passed })
        const [bad, good] = [quarantine, passed].map((file) => records(readFileSync(file, 'utf8')).slice(1))
        expect(result.rows).toEqual({ in: rows.length, passed: good!.length, quarantined: bad!.length })
        expect(result.rows.in).toBe(result.rows.passed + result.rows.quarantined)
        const numbers = bad!.map(([row]) => Number(row))
        expect(numbers).toEqual([...numbers].sort((x, y) => x - y))
        expect(bad!.map(([, , ...cells]) => cells)).toEqual(numbers.map((row) => rows[row]))
        expect(good).toEqual(rows.filter((_, row) => !numbers.includes(row)))
        // Every row at fault names why, and no reason is named that its check didn't count.
        const reasons = bad!.flatMap(([, listed = '']) => listed.split('; '))
        expect(bad!.every(([, listed]) => listed !== '')).toBe(true)
        for (const { id, verdict } of result.checks) if (verdict === 'passed') expect(reasons).not.toContain(id)
        expect(JSON.parse(JSON.stringify(result))).toEqual(result)
      }),
      { numRuns: 12, seed: 5 },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
