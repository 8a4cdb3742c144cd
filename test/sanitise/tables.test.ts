import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { type SanitiseOptions, sanitise, sanitisingKey } from '../../src/screening/sanitise/index.ts'

const newFolder = scratchFolders()
const key = sanitisingKey(Buffer.from('a key for tests, of 32 bytes or more'))
const card = '4111 1111 1111 1111'
const cards = { kinds: ['card', 'formula', 'invisible', 'html', 'control'] } as const

const run = async (name: string, text: string | Buffer, options: SanitiseOptions = {}) => {
  const folder = newFolder()
  const [from, out] = [join(folder, name), join(folder, `out-${name}`)]
  await writeFile(from, text)
  const result = await sanitise(from, { policy: cards, out, ...options })
  return { result, text: await readFile(out, 'utf8'), from, out, folder }
}

describe('CSV', () => {
  it('keeps whatever it does not change: byte order mark, quotes, line ends, ragged and empty rows', async () => {
    const text = '\ufeffid,"na""me",note\r\n1,"a, b","x\r\ny"\r\n\r\n2,"q""q"\n3,a"b,c,d,e\r4,  padded  ,"x"y\n5,,'
    const { text: written, result } = await run('a.csv', text)
    expect(written).toBe(text)
    expect(result).toMatchObject({ verdict: 'unchanged', rows: { changed: 0, dropped: 0 } })
    expect(result.out?.sha256).toBe(result.in.sha256)
  })

  it('changes the cells that it must, and says which', async () => {
    const text = `id,note\r\n1,"my card ""${card}"""\r\n2,=1+1\r\n3,ok\r\n4,"=A1,B"\r\n`
    const { text: written, result } = await run('a.csv', text)
    expect(written).toBe(`id,note\r\n1,"my card ""**** **** **** 1111"""\r\n2,'=1+1\r\n3,ok\r\n4,"'=A1,B"\r\n`)
    expect(result.rows).toEqual({ in: 4, out: 4, dropped: 0, changed: 3 })
    expect(result.cells).toEqual({ in: 8, changed: 3 })
    expect(result.rules).toEqual([
      { rule: expect.any(String), kind: 'card', action: 'mask', rows: 1, cells: 1 },
      { rule: 'leading-equals', kind: 'formula', action: 'neutralise', rows: 2, cells: 2 },
    ])
    expect(result.entities[0]).toMatchObject({
      row: 0,
      column: 'note',
      start: 9,
      end: 28,
      kind: 'card',
      action: 'mask',
    })
    expect(JSON.stringify(result)).not.toContain('1111')
    expect(result.out?.sha256).toBe(createHash('sha256').update(written).digest('hex'))
  })

  it('gives the same bytes each time, and nothing to do the second time', async () => {
    const text = `a;b\n"${card}";=1\n\u200bx;<script>y</script>\n`
    const first = await run('a.csv', text)
    const second = await run('a.csv', text)
    expect(second.text).toBe(first.text)
    expect(second.result.policy).toEqual(first.result.policy)
    const again = await run('a.csv', first.text)
    expect(again.text).toBe(first.text)
    expect(again.result.verdict).toBe('unchanged')
  })

  it('drops rows, disarms headers and reads files without one', async () => {
    const policy = { kinds: ['card', 'formula'], actions: { card: { name: 'drop' } } } as const
    const dropped = await run('a.csv', `=id,n\n1,${card}\n2,x\n`, { policy })
    expect(dropped.text).toBe(`'=id,n\n2,x\n`)
    expect(dropped.result.rows).toEqual({ in: 2, out: 1, dropped: 1, changed: 0 })
    expect(dropped.result.entities[0]).toMatchObject({ row: null, kind: 'formula' })
    const bare = await run('a.csv', `1,${card}\n`, { header: false })
    expect(bare.result.entities[0]).toMatchObject({ row: 0, column: 'column1' })
  })

  it('passes any text through unchanged where nothing is looked for', async () => {
    const folder = newFolder()
    const [from, out] = [join(folder, 'a.csv'), join(folder, 'b.csv')]
    const part = fc.constantFrom(',', '"', '""', '\r', '\n', '\r\n', ';', ' ', 'a', 'é', '\u{1f600}', '=', '"x\n"')
    const property = fc.asyncProperty(fc.array(part, { maxLength: 25 }), async (parts) => {
      await writeFile(from, parts.join(''))
      await sanitise(from, { out, policy: { kinds: ['card'] } })
      expect(await readFile(out, 'utf8')).toBe(parts.join(''))
    })
    await fc.assert(property, { seed: 7, numRuns: 25 })
  })

  it('reads records across the pieces of a large file', async () => {
    const row = (i: number) =>
      `${i},"line one ${'x'.repeat(i % 797)}\r\nline ""two""",${i % 500 === 0 ? card : 'plain'}\r\n`
    const text = `id,text,note\r\n${Array.from({ length: 1500 }, (_, i) => row(i)).join('')}`
    const { text: written, result } = await run('a.csv', text)
    expect(written).toBe(text.replaceAll(card, '**** **** **** 1111'))
    expect(result.rows).toMatchObject({ in: 1500, changed: 3 })
  })

  it('names row and column of a cell above the limit, as a quote that is never closed makes', async () => {
    const text = `id,note\n1,x\n2,"${'y'.repeat(2.2 * 2 ** 20)}\n`
    await expect(run('a.csv', text)).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringMatching(/row 1, column "note"/),
    })
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), 'DATA_FORMAT_UNSUPPORTED'],
    ['Latin-1', Buffer.from([0x61, 0x2c, 0xe4, 0x0a]), 'DATA_CORRUPT'],
    ['a zip', Buffer.from('PK\u0003\u0004xxxx', 'latin1'), 'DATA_FORMAT_UNSUPPORTED'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'DATA_FORMAT_UNSUPPORTED'],
  ])('refuses %s, and leaves no output', async (_, bytes, code) => {
    const folder = newFolder()
    await writeFile(join(folder, 'a.csv'), bytes)
    await expect(sanitise(join(folder, 'a.csv'), { out: join(folder, 'b.csv') })).rejects.toMatchObject({ code })
    await expect(readFile(join(folder, 'b.csv'))).rejects.toThrow()
  })
})

describe('JSON Lines', () => {
  it('changes strings at any depth and keeps everything else as it is written', async () => {
    const text = [
      `{"id": 12345678901234567890123, "n": 1.50, "s": "caf\\u00e9 ${card} \\ud83d\\ude00", "deep": {"list": ["a\\/b", "x\u200by"]}}`,
      '',
      '  [1, "=1+1"]  ',
      '"plain"',
    ].join('\r\n')
    const { text: written, result } = await run('a.jsonl', text)
    expect(written).toBe(text.replace(card, '**** **** **** 1111').replace('x\u200by', 'xy'))
    expect(result.entities.map(({ row, column, kind, action }) => [row, column, kind, action])).toEqual([
      [0, 's', 'card', 'mask'],
      [0, 'deep.list[]', 'invisible', 'remove'],
      [1, '[]', 'formula', 'report'],
    ])
    expect(result.rows).toEqual({ in: 3, out: 3, dropped: 0, changed: 1 })
  })

  it('makes a number null that is personal data, and looks at keys', async () => {
    const { text, result } = await run('a.jsonl', `{"card": 4111111111111111, "n": 3, "${card}": 1}\n`)
    expect(text).toBe(`{"card": null, "n": 3, "${card}": 1}\n`)
    expect(result.entities.map(({ action }) => action).sort()).toEqual(['mask', 'report'])
  })

  it('names the row that is no JSON', async () => {
    await expect(run('a.jsonl', '{"a": 1}\n{"a": \n')).rejects.toMatchObject({
      message: expect.stringContaining('row 1'),
    })
  })
})

describe('plain text', () => {
  it('goes by paragraphs and keeps line ends', async () => {
    const text = `\ufeffHello,\r\nmy card is ${card}.\r\n\r\n=no formula here\n\n<script>x</script>`
    const { text: written, result } = await run('a.txt', text)
    expect(written).toBe(
      text.replace(card, '**** **** **** 1111').replace('<script>x</script>', '&lt;script&gt;x&lt;/script&gt;'),
    )
    expect(result.entities.map(({ row, column }) => [row, column])).toEqual([
      [0, null],
      [5, null],
    ])
  })
})

describe('tokens', () => {
  const policy = {
    kinds: ['card', 'email', 'invisible'],
    actions: { card: { name: 'token' }, email: { name: 'token' }, invisible: { name: 'ignore' } },
  } as const

  it.each([
    ['a.csv', `id,"a"\r\n1,"card ${card}, mail anna@firma.de"\r\n2,4111111111111111\r\n`],
    ['a.jsonl', `{"a": "caf\\u00e9: card ${card} and \\"anna@firma.de\\"", "b": [1.0]}\n`],
    ['a.txt', `Write to anna@firma.de,\r\ncard ${card}\r\n`],
  ])('%s comes back byte by byte', async (name, text) => {
    const { text: hidden, out, folder, result } = await run(name, text, { policy, key })
    expect(hidden).not.toContain(card)
    expect(hidden).toContain('tok[card:')
    expect(result.policy.key).toBe(key.id)
    const back = join(folder, `back-${name}`)
    await sanitise(out, { out: back, key, restore: true })
    expect(await readFile(back, 'utf8')).toBe(text)
    const other = sanitisingKey(Buffer.from('another key, just as long as the 1st'))
    await expect(sanitise(out, { out: back, key: other, restore: true })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
    })
  })

  it('asks for the key', async () => {
    await expect(run('a.csv', 'a\nx\n', { policy })).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('Parquet', () => {
  const rowsOf = async (sql: string) => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    return (await connection.runAndReadAll(sql)).getRowObjectsJson()
  }

  it('keeps order and types of columns, nulls and nested values; text changes, other cells become null', async () => {
    const folder = newFolder()
    const [from, out, again] = ['a', 'b', 'c'].map((name) => join(folder, `${name}.parquet`))
    await rowsOf(`COPY (SELECT i::INTEGER AS id, CASE WHEN i % 3 = 0 THEN NULL WHEN i % 3 = 1 THEN 'card ${card}' ELSE 'plain' END AS note,
      (i * 1.5)::DECIMAL(10,2) AS price, CASE WHEN i = 5 THEN 4111111111111111 END::BIGINT AS card, ['x', 'y'] AS tags, DATE '2024-01-01' + i::INTEGER AS day
      FROM range(3000) t(i)) TO '${from}' (FORMAT parquet)`)
    const policy = { kinds: ['card'] } as const
    const result = await sanitise(from!, { out: out!, policy })
    await sanitise(from!, { out: again!, policy })
    expect(await readFile(again!)).toEqual(await readFile(out!))
    const types = (path: string) => rowsOf(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${path}')`)
    expect(await types(out!)).toEqual(await types(from!))
    const expected = await rowsOf(
      `SELECT * REPLACE (replace(note, '${card}', '**** **** **** 1111') AS note, NULL AS card) FROM '${from}'`,
    )
    expect(await rowsOf(`SELECT * FROM '${out}'`)).toEqual(expected)
    expect(result.rows).toMatchObject({ in: 3000, out: 3000, changed: 1001 })
    const dropped = await sanitise(from!, {
      out: again!,
      policy: { kinds: ['card'], actions: { card: { name: 'drop' } } },
    })
    expect(dropped.rows).toMatchObject({ in: 3000, out: 1999, dropped: 1001 })
    expect(await rowsOf(`SELECT count(*)::INTEGER AS n FROM '${again}'`)).toEqual([{ n: 1999 }])
  })

  it('refuses what is none', async () => {
    await expect(run('a.parquet', 'PAR1 nothing')).rejects.toMatchObject({ code: 'DATA_CORRUPT' })
  })
})

describe('a run', () => {
  it('writes nothing without --out, lists no more entities than asked for, and never writes over its input', async () => {
    const folder = newFolder()
    const from = join(folder, 'a.csv')
    await writeFile(from, `a\n${`${card}\n`.repeat(30)}`)
    const dry = await sanitise(from, { policy: cards, maxEntities: 7 })
    expect(dry).toMatchObject({ verdict: 'would change', out: null, entitiesTotal: 30 })
    expect(dry.entities).toHaveLength(7)
    await expect(sanitise(from, { policy: cards, out: from })).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('follows rules by column', async () => {
    const policy = {
      kinds: ['card', 'age'],
      columns: { a: { skip: true }, b: { as: 'age', actions: { age: { name: 'generalise' } } } },
      actions: { card: { name: 'remove' } },
    } as const
    const { text } = await run('a.csv', `a,b,c\n${card},37,${card}\n`, { policy })
    expect(text).toBe(`a,b,c\n${card},30-39,\n`)
    const only = await run('a.csv', `a,c\n${card},${card}\n`, { policy: { kinds: ['card'], onlyColumns: ['c'] } })
    expect(only.text).toBe(`a,c\n${card},**** **** **** 1111\n`)
  })
})
