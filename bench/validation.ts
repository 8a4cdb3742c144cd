import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { parseSchema } from '../src/screening/validation/schema/load-schema.ts'
import { validateTable } from '../src/screening/validation/validate.ts'
import { measured } from './process.ts'

/**
 * `tsx bench/validation.ts [rows] [--broken]`: a Parquet file of 20 columns under 40 rules against DuckDB's own SUMMARIZE
 * of it, with two threads each: wall and processor seconds (the best of three runs each, in turn) and the peak of the
 * resident memory, each run in a process of its own. With --broken one row in a thousand is at fault and goes to a
 * quarantine file. Values come from hashes of the row number: the same file every time.
 */
const words = process.argv.slice(2)
const rows = Number(words.find((word) => /^\d+$/.test(word)) ?? 10_000_000)
const broken = words.includes('--broken')
const threads = 2
const [mode, folder] = words[0]?.startsWith('child-')
  ? [words[0], words[1] ?? '']
  : ['parent', mkdtempSync(join(tmpdir(), 'bartizan-bench-'))]
const path = join(folder, 'table.parquet')
const part = (salt: number, size: number): string => `CAST(hash(i, ${salt}) % ${size} AS BIGINT)`
const columns: Readonly<Record<string, string>> = {
  id: 'i',
  customer: part(1, 500_000),
  age: broken ? `CASE WHEN i % 1000 = 7 THEN -1 ELSE 18 + ${part(2, 80)} END` : `18 + ${part(2, 80)}`,
  score: `${part(3, 1_000_000)} / 1000000.0::DOUBLE`,
  price: `${part(4, 10_000_000)} / 100.0::DOUBLE`,
  discount: `CASE WHEN ${part(5, 10)} = 0 THEN NULL ELSE ${part(6, 50)} / 100.0::DOUBLE END`,
  quantity: `1 + ${part(7, 20)}`,
  country: `['DE', 'FR', 'IT', 'ES', 'GB', 'US', 'JP', 'BR'][1 + ${part(8, 8)}]`,
  status: `['new', 'paid', 'sent', 'done'][1 + ${part(9, 4)}]`,
  code: `'A' || lpad(CAST(${part(10, 100_000)} AS VARCHAR), 6, '0')`,
  email: `'user' || ${part(11, 1_000_000)} || '@example.org'`,
  note: `'note ' || ${part(12, 1000)}`,
  created: `DATE '2024-01-01' + CAST(${part(13, 700)} AS INTEGER)`,
  updated: `TIMESTAMP '2026-01-01' + to_seconds(${part(14, 20_000_000)})`,
  active: `${part(15, 2)} = 1`,
  latitude: `${part(16, 180_000_000)} / 1000000.0::DOUBLE - 90`,
  longitude: `${part(17, 360_000_000)} / 1000000.0::DOUBLE - 180`,
  weight: `${part(18, 100_000)} / 1000.0::DOUBLE`,
  rating: `1 + ${part(19, 5)}`,
  sequence: 'i * 2',
}
const schemaText = `
columns:
  id: {type: integer, required: true, unique: true, min: 0}
  customer: {type: integer, required: true, min: 0}
  age: {type: integer, required: true, min: 18, max: 120}
  score: {type: number, min: 0, max: 1}
  price: {type: number, required: true, min: 0}
  discount: {type: number, min: 0, max: 1, max-missing: 0.2}
  quantity: {type: integer, min: 1, max: 100}
  country: {type: string, set: [DE, FR, IT, ES, GB, US, JP, BR]}
  status: {set: [new, paid, sent, done]}
  code: {regex: 'A[0-9]{6}'}
  email: {format: email}
  note: {max-length: 20}
  created: {type: date, min: '2024-01-01'}
  updated: {type: datetime}
  active: {type: boolean}
  latitude: {type: number, min: -90, max: 90}
  longitude: {type: number, min: -180, max: 180}
  weight: {type: number, min: 0}
  rating: {set: [1, 2, 3, 4, 5]}
  sequence: {type: integer}
checks:
  - {id: cheap-things-are-light, sql: price >= 0 OR weight < 50}
  - {id: updated-after-created, sql: CAST(updated AS DATE) >= created - 3650}
`
const listed = Object.entries(columns).map(([name, sql]) => `${sql} AS ${name}`)
const engine = async (sql: string): Promise<void> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads), memory_limit: '640MB' })
  await (await instance.connect()).runAndReadAll(sql)
}

const validate = async () => {
  const { rows: counts, checks } = await validateTable({
    path,
    schema: parseSchema(schemaText, join(folder, 'schema.yaml'), path),
    now: Date.parse('2026-11-01') / 1000,
    threads,
    ...(broken && { quarantine: join(folder, 'bad.parquet') }),
  })
  return { ...counts, rules: checks.length, failed: checks.filter(({ verdict }) => verdict !== 'passed').length }
}

const children: Readonly<Record<string, () => Promise<object>>> = {
  'child-generate': async () => {
    await engine(`COPY (SELECT ${listed.join(', ')} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`)
    return {}
  },
  'child-summarize': async () => {
    await engine(`SUMMARIZE SELECT * FROM '${path}'`)
    return {}
  },
  'child-validate': validate,
}

const child = (name: string): Readonly<Record<string, number>> =>
  measured([process.execPath, '--import', 'tsx', fileURLToPath(import.meta.url), name, folder, ...words])

const action = children[mode]
if (action !== undefined) {
  const start = performance.now()
  const result = await action()
  const { user, system } = process.cpuUsage()
  const seconds = (performance.now() - start) / 1000
  const peakMiB = Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024)
  process.stdout.write(`${JSON.stringify({ ...result, seconds, cpuSeconds: (user + system) / 1e6, peakMiB })}\n`)
} else {
  try {
    child('child-generate')
    const runs = Array.from({ length: 3 }, () => ({
      validate: child('child-validate'),
      summarize: child('child-summarize'),
    }))
    const best = (of: 'validate' | 'summarize', what: string) =>
      Math.min(...runs.map((run) => run[of][what] ?? Number.NaN))
    const ratio = (what: string) => best('validate', what) / best('summarize', what)
    const fileMiB = Math.round(statSync(path).size / 2 ** 20)
    const ratios = { seconds: ratio('seconds'), cpuSeconds: ratio('cpuSeconds') }
    process.stdout.write(`${JSON.stringify({ rows, fileMiB, runs, ratios }, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
