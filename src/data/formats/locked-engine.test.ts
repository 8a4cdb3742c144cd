import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failure, scratch } from '../testing.ts'
import { literal } from './duckdb.ts'
import { notATable } from './engine-error.ts'
import { type EngineOptions, type LockedEngine, openLockedEngine } from './locked-engine.ts'
import { openTableEngine } from './table-engine.ts'

const at = scratch()
/** One value that holds every row: it can't be spilled. */
const greedy = 'SELECT len(list(i)) FROM range(100000000) t(i)'

const table = (): string => {
  writeFileSync(at('rows.csv'), 'a\n1\n')
  return at('rows.csv')
}

const engineOf = async (options: Partial<EngineOptions> = {}): Promise<LockedEngine> => {
  const engine = await openLockedEngine({ path: 'rows.csv', reads: [table()], megabytes: 100, ...options })
  onTestFinished(engine.close)
  return engine
}

const run = ({ guard, connection }: LockedEngine, sql: string) => guard(() => connection.run(sql))
const setting = async ({ connection }: LockedEngine, name: string): Promise<unknown> =>
  (await connection.runAndReadAll(`SELECT current_setting(${literal(name)})`)).getRowsJS()[0]?.[0]

describe('what is locked', () => {
  it('reads and writes the files named and no other, from any connection', async () => {
    const [out, other] = [at('out.csv'), at('other.csv')]
    writeFileSync(other, 'a\n2\n')
    const engine = await engineOf({ writes: [out] })
    await run(engine, `COPY (SELECT * FROM read_csv(${literal(at('rows.csv'))})) TO ${literal(out)}`)
    expect(readFileSync(out, 'utf8')).toBe('a\n1\n')
    const second = await engine.connect()
    for (const connection of [engine.connection, second]) {
      await expect(connection.run(`SELECT * FROM read_csv(${literal(other)})`)).rejects.toThrow('Permission Error')
      await expect(connection.run(`COPY (SELECT 1) TO ${literal(at('new.csv'))}`)).rejects.toThrow('Permission Error')
      await expect(connection.run(`SET memory_limit = '9GB'`)).rejects.toThrow('locked')
      await expect(connection.run('INSTALL httpfs')).rejects.toThrow('Permission Error')
    }
    expect(existsSync(at('new.csv'))).toBe(false)
  })

  it('takes the settings asked for, and one thread without files of its own unless it is told otherwise', async () => {
    const plain = await engineOf()
    expect([await setting(plain, 'threads'), await setting(plain, 'temp_directory')]).toEqual([1n, ''])
    const engine = await engineOf({ threads: 2, spills: true, timeZone: 'UTC' })
    expect([await setting(engine, 'threads'), await setting(engine, 'TimeZone')]).toEqual([2n, 'UTC'])
  })

  it('spills to a folder of its own, which goes when the engine is closed, once or twice', async () => {
    const engine = await engineOf({ spills: true })
    const folder = String(await setting(engine, 'temp_directory'))
    expect(folder.startsWith(tmpdir())).toBe(true)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    await run(engine, 'CREATE TEMP TABLE t AS SELECT hash(i) AS h FROM range(20000000) t(i)')
    expect(readdirSync(folder)).not.toEqual([])
    engine.close()
    expect(existsSync(folder)).toBe(false)
    engine.close()
  })

  it('leaves no folder behind where it does not start', async () => {
    const before = readdirSync(at('.'))
    const { TMPDIR } = process.env
    process.env.TMPDIR = at('.')
    try {
      await expect(engineOf({ spills: true, threads: 0 })).rejects.toThrow()
      await expect(engineOf({ spills: true, timeZone: 'Nowhere/None' })).rejects.toThrow('Nowhere/None')
      process.env.TMPDIR = at('none')
      await failure('FILE_UNWRITABLE', () => engineOf({ spills: true }))
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
    }
    expect(readdirSync(at('.')).filter((name) => name.startsWith('bartizan-'))).toEqual([])
    expect(before.filter((name) => !existsSync(at(name)))).toEqual([])
  })
})

describe('what an error says', () => {
  it.each([false, true])(
    'memory that ran out is no fault of the file (with files for what is more: %s)',
    async (spills) => {
      const engine = await engineOf({ spills })
      const error = await failure('DATA_FORMAT_UNSUPPORTED', () => run(engine, greedy))
      expect(error.message).toBe('rows.csv: memory ran out; a table may take 100 MB of it')
      expect(error.hint).toContain('split the file')
      expect(error.hint?.includes('TMPDIR')).toBe(spills)
      expect(error.data).toMatchObject({ path: 'rows.csv', megabytes: 100, reason: expect.stringContaining('used') })
      expect(error.cause).toBeInstanceOf(Error)
    },
  )

  it('memory that ran out is not blamed on what the caller does', async () => {
    const engine = await engineOf({ blame: notATable('elsewhere') })
    await failure('DATA_FORMAT_UNSUPPORTED', () => run(engine, greedy))
    expect((await failure('DATA_CORRUPT', () => run(engine, 'SELECT error(1)'))).message).toContain('elsewhere')
  })

  it('the engine of the readers says so as well', async () => {
    const engine = await openTableEngine(table())
    onTestFinished(engine.close)
    const error = await failure('DATA_FORMAT_UNSUPPORTED', () => engine.rows(greedy))
    expect(error.message).toContain('memory ran out; a table may take 512 MB of it')
  })

  it('a full disk is no fault of the file', async () => {
    const engine = await engineOf({ writes: ['/dev/full'] })
    const copy = `COPY (SELECT i FROM range(1000000) t(i)) TO '/dev/full' (FORMAT csv, USE_TMP_FILE false)`
    const error = await failure('FILE_UNWRITABLE', () => run(engine, copy))
    expect([error.message, error.hint]).toEqual([
      "/dev/full can't be written: the disk is full",
      'free some space, or write elsewhere',
    ])
  })

  it('anything else is about the table, with the line at fault', async () => {
    writeFileSync(at('ragged.csv'), 'a,b\n1,2\n3\n')
    const engine = await engineOf({ reads: [at('ragged.csv')] })
    const columns = `{'a': 'VARCHAR', 'b': 'VARCHAR'}`
    const sql = `SELECT * FROM read_csv(${literal(at('ragged.csv'))}, auto_detect = false, header = true, columns = ${columns})`
    const error = await failure('DATA_CORRUPT', () => run(engine, sql))
    expect(error.message).toMatch(/^rows\.csv can't be read as a table: .*Line: 3; Original Line: 3; Expected Number/)
  })
})
