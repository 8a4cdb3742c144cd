import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import { scratchFolders } from '../../src/base/testing.ts'
import { writeNpz } from '../../src/data/index.ts'
import { parseSchema } from '../../src/screening/validation/schema/load-schema.ts'
import { trials } from '../../src/screening/validation/testing.ts'
import { validateData } from '../../src/screening/validation/validate-data.ts'

// Rows that fail the sections on duplicates and leakage are quarantined, all of them, each once, and no others.

const newFolder = scratchFolders()
const trial = trials()

interface Row {
  readonly id: string
  readonly size: string
  readonly text: string
  readonly day: string
  readonly label: string
}
const columns = ['id', 'size', 'text', 'day', 'label'] as const
const words = 'amber birch cedar dune ember fjord grove heron islet jetty kelp larch moss north otter pine'.split(' ')

/** Random rows with copies, relabelled copies and slightly changed texts among them; some are in the other split too. */
const planted = (seed: number) => {
  const rng = stream(seed, 'accused')
  const pick = <T>(of: readonly T[]): T => of[rng.integer(of.length)]!
  const day = (from: number): string => `2026-01-${String(from + rng.integer(9)).padStart(2, '0')}`
  const fresh = (from: number): Row => ({
    id: '',
    size: pick(['7', '7.0', '8', '', ' 9']),
    text: Array.from({ length: 9 }, () => pick(words) + rng.integer(90)).join(' '),
    day: day(from),
    label: pick(['a', 'b']),
  })
  const train = Array.from({ length: 25 }, () => fresh(1))
  const rows: Row[] = []
  while (rows.length < 40) {
    const known = pick(rows.length > 4 && rng.uniform() < 0.5 ? rows : train)
    const changed: readonly Row[] = [
      fresh(11),
      fresh(11),
      fresh(9),
      { ...known, size: known.size === '7' ? '7.00' : known.size },
      { ...known, label: pick(['a', 'b']) },
      { ...fresh(11), text: `${known.text.slice(0, -1)}${pick(['!', '?'])}` },
    ]
    rows.push({ ...pick(changed) })
  }
  return { train, rows: rows.map((row, i) => ({ ...row, id: `r${i}` })) }
}

/** The share of runs of five characters that two texts have in common. */
const alike = (a: string, b: string): number => {
  const runs = (text: string) => new Set(Array.from({ length: text.length - 4 }, (_, i) => text.slice(i, i + 5)))
  const [x, y] = [runs(a), runs(b)]
  const both = [...x].filter((run) => y.has(run)).length
  return both / (x.size + y.size - both)
}

/** Texts that are nearly one another, over any number of steps, by comparing all with all. */
const clusters = (texts: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>()
  for (const text of new Set(texts)) {
    const near = [...new Set(groups.values())].filter((group) => group.some((other) => alike(text, other) >= 0.8))
    const merged = [...near.flat(), text]
    for (const member of merged) groups.set(member, merged)
  }
  return groups
}

const keyOf = ({ size, text, day }: Row): string =>
  JSON.stringify([size.trim() === '' ? null : Number(size), text, day])

/** What every row fails, by the meaning of the checks. */
const oracle = (rows: readonly Row[], train: readonly Row[]): readonly (readonly string[])[] => {
  const whole = rows.map((row) => `${keyOf(row)} ${row.label}`)
  const order = new Map<string, number>()
  for (const [i, { text }] of rows.entries()) if (!order.has(text)) order.set(text, i)
  const own = clusters(rows.map(({ text }) => text))
  const all = clusters([...train, ...rows].map(({ text }) => text))
  const known = new Set(train.map(({ text }) => text))
  const newest = train
    .map(({ day }) => day)
    .sort()
    .at(-1)!
  const facts = rows.map((row, i): Readonly<Record<string, boolean>> => {
    const group = own.get(row.text)!
    const earliest = Math.min(...group.map((text) => order.get(text)!))
    return {
      'duplicates.rows.duplicates': whole.indexOf(whole[i]!) < i,
      'duplicates.rows.conflicting-labels': rows.some((r) => keyOf(r) === keyOf(row) && r.label !== row.label),
      'duplicates.text.near-duplicates': rows[earliest]!.text !== row.text,
      'leakage[0].rows.leakage': train.some((other) => keyOf(other) === keyOf(row)),
      'leakage[0].text.near-leakage': !known.has(row.text) && all.get(row.text)!.some((text) => known.has(text)),
      'leakage[0].day.time-leakage': row.day <= newest,
    }
  })
  return facts.map((found) => Object.keys(found).filter((check) => found[check]))
}

const schema = `columns: {id: {}, size: {}, text: {}, day: {}, label: {}}
duplicates: {at-most: 0, ignore: [id], target: label, text: [text]}
leakage: [{file: train.csv, ignore: [id, label], time: day, text: [text]}]
`
const csv = (rows: readonly Row[]): string =>
  `${columns.join()}\n${rows.map((row) => `${columns.map((name) => row[name]).join()}\n`).join('')}`

/** Lines that are no rows, put before some of the rows; and the number in the file of each row. */
const damaged = (rows: readonly Row[], seed: number) => {
  const rng = stream(seed, 'damaged')
  const [header, ...lines] = csv(rows).split('\n').slice(0, -1)
  const numbers: number[] = []
  let text = `${header}\n`
  let [at, unreadable] = [0, 0]
  for (const line of lines) {
    if (rng.uniform() < 0.2) {
      text += 'one,two\n'
      at++
      unreadable++
    }
    text += `${line}\n`
    numbers.push(at++)
  }
  return { text, numbers, unreadable }
}

/** Runs SQL that writes a Parquet file. */
const parquet = async (path: string, select: string): Promise<void> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  await (await instance.connect()).run(`COPY (${select}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
  instance.closeSync()
}

interface Quarantined {
  readonly bartizan_row: number
  readonly bartizan_reasons: readonly string[]
}
const jsonLines = (path: string): readonly Quarantined[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Quarantined)

const outputs = { quarantine: 'bad.jsonl', passed: 'good.csv' }

describe('rows of tables that fail duplicates or leakage', () => {
  it.each([
    ['csv', 1],
    ['jsonl', 3],
    ['parquet', 4],
    ['damaged csv', 5],
  ])(
    'are those that a slow look at all pairs finds, and without them the rest is clean: %s, seed %i',
    async (kind, seed) => {
      const { rows, train } = planted(seed)
      const { text, numbers, unreadable } =
        kind === 'damaged csv'
          ? damaged(rows, seed)
          : {
              text: kind === 'jsonl' ? rows.map((row) => `${JSON.stringify(row)}\n`).join('') : csv(rows),
              numbers: rows.map((_, i) => i),
              unreadable: 0,
            }
      const folder = newFolder()
      const [path, quarantine, passed] = [`data.${kind.split(' ').at(-1)}`, 'bad.jsonl', 'good.csv'].map((n) =>
        join(folder, n),
      )
      writeFileSync(join(folder, 'train.csv'), csv(train))
      writeFileSync(join(folder, 'rows.csv'), csv(rows))
      if (kind === 'parquet')
        await parquet(path!, `SELECT * REPLACE (TRY_CAST(size AS DOUBLE) AS size) FROM read_csv('${folder}/rows.csv')`)
      else writeFileSync(path!, text)
      const loaded = parseSchema(schema, join(folder, 's.yaml'), path!)
      const result = await validateData({
        path: path!,
        schema: loaded,
        now: 0,
        quarantine: quarantine!,
        passed: passed!,
      })
      const expected = oracle(rows, train)
      const bad = jsonLines(quarantine!)
      const accused = bad.filter(({ bartizan_reasons }) => bartizan_reasons[0] !== 'table.readable')
      expect(accused.map(({ bartizan_row, bartizan_reasons }) => [bartizan_row, bartizan_reasons])).toEqual(
        expected.flatMap((reasons, i) => (reasons.length === 0 ? [] : [[numbers[i], reasons]])),
      )
      expect(new Set(expected.flat()).size).toBe(6)
      const good = rows.filter((_, i) => expected[i]!.length === 0)
      expect(result.rows).toEqual({
        in: rows.length + unreadable,
        passed: good.length,
        quarantined: accused.length + unreadable,
      })
      expect(
        readFileSync(passed!, 'utf8')
          .split('\n')
          .slice(1, -1)
          .map((line) => line.split(',')[0]),
      ).toEqual(good.map(({ id }) => id))
      // What a check measured, what it shows and what was quarantined for it agree.
      for (const { id, measured, verdict } of result.checks) {
        const of = accused.filter(({ bartizan_reasons }) => bartizan_reasons.includes(id))
        const shown = result.examples.find(({ check }) => check === id)?.rows.map(({ row }) => row) ?? []
        if (id === 'table.readable') continue
        expect([id, of.length > 0 ? 'failed' : 'passed']).toEqual([id, verdict])
        if (verdict === 'failed') expect([id, measured]).toEqual([id, of.length])
        expect([id, shown]).toEqual([id, of.slice(0, 5).map(({ bartizan_row }) => bartizan_row)])
      }
      const again = await validateData({ path: passed!, schema: loaded, now: 0 })
      expect(again.rows).toEqual({ in: good.length, passed: good.length, quarantined: 0 })
      expect(new Set(again.checks.map(({ verdict }) => verdict))).toEqual(new Set(['passed']))
    },
  )

  it('stay where they are while the share is within at-most, or the section only warns; then they are shown', async () => {
    const data = 'a,b\n1,x\n1,x\n2,y\n3,z\n1,x\n'
    const few = await trial(data, 'columns: {a: {}, b: {}}\nduplicates: {at-most: 0.4}', outputs)
    expect(few.rows).toEqual({ in: 5, passed: 5, quarantined: 0 })
    expect(few.examples).toEqual([])
    const warned = await trial(
      data,
      'columns: {a: {type: integer, max: 2}, b: {}}\nduplicates: {at-most: 0, severity: warning}\nleakage: [{file: t.csv, severity: warning}]',
      { ...outputs, files: { 't.csv': 'a,b\n3,z\n' } },
    )
    expect(warned.check('duplicates.rows.duplicates')).toMatchObject({ verdict: 'failed', measured: 2 })
    expect(warned.rows).toEqual({ in: 5, passed: 4, quarantined: 1 })
    expect(warned.examples.find(({ check }) => check === 'duplicates.rows.duplicates')?.rows).toEqual([
      { row: 1, values: { a: '1', b: 'x' } },
      { row: 4, values: { a: '1', b: 'x' } },
    ])
    // As with rules, a row that is at fault anyway names its warnings too.
    expect(jsonLines(join(warned.folder, 'bad.jsonl'))).toMatchObject([
      { bartizan_row: 3, bartizan_reasons: ['a.range', 'leakage[0].rows.leakage'] },
    ])
  })

  it('stay where they are too where rows repeat so often by nature that a shared one may be chance', async () => {
    const { rows, check } = await trial('a\n1\n2\n1\n', 'columns: {a: {}}\nleakage: [{file: t.csv}]', {
      files: { 't.csv': 'a\n1\n1\n2\n2\n' },
    })
    expect(check('leakage[0].rows.leakage').verdict).toBe('inconclusive')
    expect(rows.quarantined).toBe(0)
  })

  it('are read with the names of the first line, even where it looks like any other', async () => {
    const { rows, check } = await trial('1,2\n1,2\n3,4\n1,2\n', `columns: {'1': {}, '2': {}}\nduplicates: {at-most: 0}`)
    expect(check('duplicates.rows.duplicates')).toMatchObject({ measured: 1, n: 3 })
    expect(rows).toEqual({ in: 3, passed: 2, quarantined: 1 })
  })

  it('come in file order from tables of more rows than one thread reads, with repeated keys and all', async () => {
    const folder = newFolder()
    const [path, quarantine, passed] = ['data.parquet', 'bad.csv', 'good.csv'].map((name) => join(folder, name))
    const n = 30_000
    await parquet(path!, `SELECT i, CASE WHEN i % 5 < 2 THEN i // 5 ELSE -i END AS a FROM range(${n}) t(i)`)
    const loaded = parseSchema(
      'columns: {i: {}, a: {unique: true, where: i < 1000}}\nduplicates: {at-most: 0, ignore: [i]}',
      join(folder, 's.yaml'),
      path!,
    )
    const { rows } = await validateData({
      path: path!,
      schema: loaded,
      now: 0,
      quarantine: quarantine!,
      passed: passed!,
    })
    const numbersIn = (file: string) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .slice(1, -1)
        .map((line) => Number(line.split(',')[0]))
    const all = Array.from({ length: n }, (_, i) => i)
    const isBad = (i: number): boolean => i % 5 === 1 || (i < 1000 && i % 5 === 0)
    expect(rows).toEqual({
      in: n,
      passed: all.length - all.filter(isBad).length,
      quarantined: all.filter(isBad).length,
    })
    expect(numbersIn(quarantine!)).toEqual(all.filter(isBad))
    expect(numbersIn(passed!)).toEqual(all.filter((i) => !isBad(i)))
  })
})

describe('rows of arrays that fail duplicates or leakage', () => {
  it.each([1, 2, 3])('are those that equal an earlier row or one of the other split: seed %i', async (seed) => {
    const rng = stream(seed, 'arrays')
    const array = (rows: number) =>
      Array.from({ length: rows }, () => [rng.integer(4), rng.integer(3) / 2, rng.uniform() < 0.2 ? -0 : 0])
    const folder = newFolder()
    const [x, train] = [array(30), array(3)]
    const npz = (name: string, rows: readonly (readonly number[])[]) =>
      writeNpz(join(folder, name), {
        x: { dtype: 'float32', shape: [rows.length, 3], data: Float32Array.from(rows.flat()) },
      })
    await npz('data.npz', x)
    await npz('train.npz', train)
    const path = join(folder, 'data.npz')
    const loaded = parseSchema(
      'arrays: {x: {}}\nduplicates: {at-most: 0}\nleakage: [{file: train.npz}]',
      join(folder, 's.yaml'),
      path,
    )
    const [quarantine, passed] = [join(folder, 'bad.jsonl'), join(folder, 'good.csv')]
    const result = await validateData({ path, schema: loaded, now: 0, quarantine, passed })
    const key = (row: readonly number[]): string => row.map((value) => value + 0).join()
    const keys = x.map(key)
    const expected = keys.map((found, i) => [
      ...(keys.indexOf(found) < i ? ['duplicates.rows.duplicates'] : []),
      ...(train.map(key).includes(found) ? ['leakage[0].rows.leakage'] : []),
    ])
    expect(new Set(expected.flat()).size).toBe(2)
    expect(jsonLines(quarantine)).toEqual(
      expected.flatMap((reasons, i) => (reasons.length === 0 ? [] : [{ bartizan_row: i, bartizan_reasons: reasons }])),
    )
    const good = expected.filter((reasons) => reasons.length === 0).length
    expect(result.rows).toEqual({ in: 30, passed: good, quarantined: 30 - good })
    for (const check of ['duplicates.rows.duplicates', 'leakage[0].rows.leakage']) {
      const rows = expected.flatMap((reasons, i) => (reasons.includes(check) ? [i] : []))
      expect(result.checks.find(({ id }) => id === check)?.measured).toBe(rows.length)
      expect(result.examples.find((found) => found.check === check)?.rows.map(({ row }) => row)).toEqual(
        rows.slice(0, 5),
      )
    }
    const kept = readFileSync(passed, 'utf8')
      .split('\n')
      .slice(1, -1)
      .map((line) => x[Number(line.split(',')[0])]!)
    await npz('data.npz', kept)
    const again = await validateData({ path, schema: loaded, now: 0 })
    expect(again.rows).toEqual({ in: good, passed: good, quarantined: 0 })
  })

  it('are told apart where whole numbers differ beyond what a float holds', async () => {
    const folder = newFolder()
    const data = BigInt64Array.from([2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 1n])
    await writeNpz(join(folder, 'data.npz'), { x: { dtype: 'int64', shape: [3], data } })
    const path = join(folder, 'data.npz')
    const loaded = parseSchema('arrays: {x: {}}\nduplicates: {at-most: 0}', join(folder, 's.yaml'), path)
    const { rows, examples } = await validateData({ path, schema: loaded, now: 0 })
    expect(rows).toEqual({ in: 3, passed: 2, quarantined: 1 })
    expect(examples).toEqual([
      { check: 'duplicates.rows.duplicates', rows: [{ row: 2, values: { place: 'row 2', value: 'equals row 1' } }] },
    ])
  })
})
