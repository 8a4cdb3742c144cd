import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { malformed } from '../../src/assessment/report/xml-check.ts'
import { sha256 } from '../../src/base/canonical-json.ts'
import { isBartizanError } from '../../src/base/errors.ts'
import { scratchFolders } from '../../src/base/testing.ts'
import { dataInfer } from '../../src/cli/commands/data-infer.ts'
import { dataValidate } from '../../src/cli/commands/data-validate.ts'
import { programOf } from '../../src/cli/program.ts'
import { report } from '../../src/cli/terminal/failure.ts'
import { validationSchema } from '../../src/contract/validation.ts'
import { evidencePaths, verifyEvidence } from '../../src/evidence/index.ts'
import { readTestResult, requireValidated } from '../../src/screening/validation/index.ts'

const newFolder = scratchFolders()

const cli = async (...args: readonly string[]) => {
  let [stdout, stderr, exitCode] = ['', '', -1]
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  const finished = (code: number): void => {
    exitCode = code
  }
  const program = programOf({
    commands: [dataValidate, dataInfer],
    groups: { data: 'Data' },
    version: '0',
    terminal,
    finished,
  })
  try {
    await program.parseAsync(['data', ...args], { from: 'user' })
  } catch (error) {
    exitCode = report(error, terminal.stderr, false)
  }
  return { exitCode, stdout, stderr }
}

const schemaText = `columns:
  id: {type: integer, unique: true}
  mail: {type: string, max-length: 12}
  note: {max-length: 3, severity: warning}
`
const project = (data: string) => {
  const folder = newFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('data.csv'), data)
  writeFileSync(at('schema.yaml'), schemaText)
  const validate = (...more: readonly string[]) =>
    cli('validate', at('data.csv'), '--schema', at('schema.yaml'), '--project', folder, '--now', '2026-01-01', ...more)
  return { folder, at, validate }
}
const good = 'id,mail,note\n1,a,b\n2,b,c\n'
const bad = 'id,mail,note\n1,jane.doe@example.org,<b>long&\n2,short,x\n'

describe('bartizan data validate', () => {
  it('passes with 0, prints the contract, and is the same twice but for the time', async () => {
    const { validate } = project(good)
    const [first, second] = [await validate('--json', '-'), await validate('--json', '-')]
    expect(first.exitCode).toBe(0)
    expect(first.stderr).toContain('PASSED')
    const parsed = validationSchema.parse(JSON.parse(first.stdout))
    expect(parsed).toMatchObject({
      verdict: 'passed',
      rows: { in: 2, passed: 2, quarantined: 0 },
      dataset: { path: 'data.csv', sha256: sha256(good) },
      schema: { path: 'schema.yaml', sha256: sha256(schemaText) },
    })
    const { timing: _, ...rest } = validationSchema.parse(JSON.parse(second.stdout))
    expect(rest).toEqual({ ...parsed, timing: undefined })
  })

  it('fails with 1; personal data are masked in the result and the report, and kept in the quarantine', async () => {
    const { at, validate } = project(bad)
    const outputs = ['--quarantine', at('bad.csv'), '--report', at('r.html'), '--junit', at('j.xml')]
    const { exitCode, stdout } = await validate('--json', '-', ...outputs)
    expect(exitCode).toBe(1)
    const result = validationSchema.parse(JSON.parse(stdout))
    expect(result.rows).toEqual({ in: 2, passed: 1, quarantined: 1 })
    expect(result.examples.find(({ check }) => check === 'mail.length')).toEqual({
      check: 'mail.length',
      masked: true,
      rows: [{ row: 0, values: { mail: '[email]' } }],
    })
    expect(stdout).not.toContain('jane.doe')
    expect(result.outputs.quarantine?.sha256).toBe(sha256(readFileSync(at('bad.csv'))))
    expect(readFileSync(at('bad.csv'), 'utf8')).toContain('0,mail.length; note.length,1,jane.doe@example.org')
    const html = readFileSync(at('r.html'), 'utf8')
    expect(malformed(html, true)).toBeUndefined()
    expect(html).not.toContain('jane.doe')
    expect(html).not.toContain('<b>long')
    expect(html).toContain('&lt;b&gt;long&amp;')
    expect(html).not.toMatch(/src="http|<script|@import/)
    const junit = readFileSync(at('j.xml'), 'utf8')
    expect(malformed(junit)).toBeUndefined()
    expect(junit).toContain('failures="1" errors="0"')
  })

  it('quarantines rows that repeat another or leak, with unreadable lines among them, and the record counts them', async () => {
    const { at, validate } = project('id,mail,note\n1,a,x\n2,b\n3,c,y\n4,a,x\n5,d,z\n6,"a,x\n7,a,x\n')
    writeFileSync(at('train.csv'), 'id,mail,note\n9,d,z\n')
    const sections = 'duplicates: {at-most: 0, ignore: [id]}\nleakage: [{file: train.csv, ignore: [id]}]\n'
    writeFileSync(at('schema.yaml'), schemaText + sections)
    const outputs = ['--quarantine', at('bad.csv'), '--passed', at('good.csv')]
    const { exitCode, stdout } = await validate('--json', '-', ...outputs)
    expect(exitCode).toBe(1)
    const result = validationSchema.parse(JSON.parse(stdout))
    expect(result.rows).toEqual({ in: 7, passed: 2, quarantined: 5 })
    expect(readFileSync(at('good.csv'), 'utf8')).toBe('id,mail,note\n1,a,x\n3,c,y\n')
    const bad = readFileSync(at('bad.csv'), 'utf8').split('\n').slice(1, -1)
    expect(bad.map((line) => line.split(',').slice(0, 2).join())).toEqual([
      '1,table.readable',
      '3,duplicates.rows.duplicates',
      '4,leakage[0].rows.leakage',
      '5,table.readable',
      '6,duplicates.rows.duplicates',
    ])
    const message = result.checks.find(({ id }) => id === 'duplicates.rows.duplicates')?.message
    expect(message).toBe('2 rows repeat another, in 1 groups; first: rows 0, 3, 6')
    const envelope = JSON.parse(readFileSync(at(result.outputs.record?.path ?? ''), 'utf8')) as { payload: string }
    const recorded = /\{[^{}]*"duplicates\.rows\.duplicates"[^{}]*\}/.exec(`${Buffer.from(envelope.payload, 'base64')}`)
    expect(JSON.parse(recorded?.[0] ?? '{}')).toMatchObject({ action: 'quarantine', rows: 2 })
    const again = await cli('validate', at('good.csv'), '--schema', at('schema.yaml'), '--project', at('.'))
    expect(again.exitCode).toBe(0)
  })

  it('fails with 1 where it is inconclusive, and JUnit calls that an error', async () => {
    const { at, validate } = project('id,mail,note\n')
    const { exitCode, stdout } = await validate('--junit', at('j.xml'))
    expect(exitCode).toBe(1)
    expect(stdout).toContain('INCONCLUSIVE')
    expect(readFileSync(at('j.xml'), 'utf8')).toMatch(/failures="0" errors="[1-9]/)
  })

  it('compares the distributions with a reference', async () => {
    const lines = (shift: number) =>
      `id,mail,note\n${Array.from({ length: 400 }, (_, i) => `${i + shift},m${i % 5},a`).join('\n')}\n`
    const { at, validate } = project(lines(0))
    writeFileSync(at('reference.csv'), lines(5000))
    const { exitCode, stdout } = await validate('--reference', at('reference.csv'), '--columns', 'id', '--json', '-')
    const { checks, reference } = validationSchema.parse(JSON.parse(stdout))
    expect(checks.length).toBeGreaterThan(7)
    expect(checks.some(({ column, verdict }) => column === 'id' && verdict === 'failed')).toBe(true)
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
    expect(reference?.path).toBe('reference.csv')
    expect(exitCode).toBe(1)
  })

  it.each([
    [['--now', 'yesterday'], '--now is "yesterday"', 2],
    [['--columns', 'id'], '--columns and --target go with --reference', 2],
    [['--quarantine', 'x.xlsx'], 'rows are written as .parquet', 2],
    [['--reference', 'none.csv'], 'no file', 3],
  ])('refuses %j', async (flags, message, exit) => {
    const { validate } = project(good)
    const { exitCode, stderr } = await validate(...flags)
    expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: exit,
      stderr: expect.stringContaining(message),
    })
  })

  it('does not overwrite what it reads, by whatever name, and leaves nothing behind when it fails', async () => {
    const { folder, at, validate } = project(good)
    symlinkSync(at('data.csv'), at('link.csv'))
    expect((await validate('--quarantine', at('link.csv'))).stderr).toContain('are the same file')
    writeFileSync(at('data.csv'), 'id,mail,mail\n1,2,3\n')
    expect((await validate('--quarantine', at('q.csv'))).exitCode).toBe(3)
    expect(readdirSync(folder).sort()).toEqual(['data.csv', 'link.csv', 'schema.yaml'])
  })
})

describe('the signed result and the training gate', () => {
  const refused = async (action: Promise<unknown>): Promise<string> => {
    try {
      await action
    } catch (error) {
      if (isBartizanError(error, 'EVIDENCE_INVALID')) return error.message
      throw error
    }
    return 'let through'
  }

  it('lets exactly the validated bytes through, while they are fresh', async () => {
    const { folder, at, validate } = project(good)
    const root = folder
    expect(await refused(requireValidated(at('data.csv'), { root }))).toContain('no signed result')
    const { stdout, exitCode } = await validate('--attest', '--json', '-')
    expect(exitCode).toBe(0)
    const { outputs } = validationSchema.parse(JSON.parse(stdout))
    const passed = await requireValidated(at('data.csv'), { root, schemaSha256: sha256(schemaText) })
    expect(passed).toMatchObject({ sha256: sha256(good), evidence: outputs.attestation?.sha256 })
    expect(passed.result).toMatchObject({ result: 'PASSED', failedTests: [], warnedTests: [], rows: { in: 2 } })
    expect((await verifyEvidence(folder)).verdict).toBe('passed')

    const now = Date.parse('2026-01-03') / 1000
    expect(await refused(requireValidated(at('data.csv'), { root, maxAge: 3600, now }))).toContain('older than 3600')
    expect(await refused(requireValidated(at('data.csv'), { root, maxAge: 3 * 86_400, now }))).toBe('let through')
    expect(await refused(requireValidated(at('data.csv'), { root, maxAge: 9, now: 0 }))).toContain('from the future')
    const schemaSha256 = sha256('another')
    expect(await refused(requireValidated(at('data.csv'), { root, schemaSha256 }))).toContain('not with this schema')
    expect(await refused(requireValidated(at('data.csv'), { root, trusted: [] }))).toContain('no signed result')
    writeFileSync(at('data.csv'), `${good}3,d,e\n`)
    expect(await refused(requireValidated(at('data.csv'), { root }))).toContain('no signed result')
  })

  it('refuses a failed result, a vacuous one, and warnings where they are not allowed', async () => {
    const failed = project(bad)
    await failed.validate('--attest')
    expect(await refused(requireValidated(failed.at('data.csv'), { root: failed.folder }))).toContain(
      'validation failed: mail',
    )
    const vacuous = project('id,mail,note\n')
    await vacuous.validate('--attest')
    expect(await refused(requireValidated(vacuous.at('data.csv'), { root: vacuous.folder }))).toContain(
      'inconclusive: ',
    )
    const warned = project('id,mail,note\n1,a,long\n')
    await warned.validate('--attest')
    const root = warned.folder
    expect((await requireValidated(warned.at('data.csv'), { root })).result.result).toBe('WARNED')
    expect(await refused(requireValidated(warned.at('data.csv'), { root, allowWarnings: false }))).toContain('warnings')
  })

  it('counts neither a changed envelope nor one that is not in the log', async () => {
    const { folder, at, validate } = project(good)
    await validate('--attest')
    const { evidence, log } = evidencePaths(folder)
    const name = readdirSync(evidence).find((file) => file.endsWith('.dsse.json'))!
    const bytes = readFileSync(join(evidence, name))
    writeFileSync(join(evidence, name), `${bytes} `)
    expect(await refused(requireValidated(at('data.csv'), { root: folder }))).toContain('no signed result')
    writeFileSync(join(evidence, name), bytes)
    expect(await refused(requireValidated(at('data.csv'), { root: folder }))).toBe('let through')
    rmSync(log, { recursive: true })
    mkdirSync(log)
    expect(await refused(requireValidated(at('data.csv'), { root: folder }))).toContain('no signed result')
  })

  it('reads nothing else as a test result', () => {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'x', digest: { sha256: sha256('x') } }],
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    } as const
    expect(() => readTestResult({ ...statement, predicate: { result: 'PASSED' } })).toThrow(/malformed/)
    expect(() => readTestResult({ ...statement, predicateType: 'https://x.org' })).toThrow(/is no test result/)
  })
})

describe('bartizan data infer', () => {
  const rows = Array.from({ length: 200 }, (_, i) =>
    [
      i,
      `0${i % 50}`,
      `u${i}@example.org`,
      ['red', 'green'][i % 2],
      i % 7 === 0 ? 'NA' : i / 4,
      `2024-01-${10 + (i % 20)}`,
      '',
      i % 3 === 0 ? '-' : 'b c',
    ].join(','),
  )
  const sample = `id,zip,mail,colour,amount,day,void,grade\n${rows.join('\n')}\n`

  it('writes a commented schema that its sample passes, and keeps a reviewed one', async () => {
    const { at } = project(sample)
    const args = ['infer', at('data.csv'), '--out', at('inferred.yaml')]
    expect((await cli(...args)).exitCode).toBe(0)
    const text = readFileSync(at('inferred.yaml'), 'utf8')
    for (const line of [
      'type: integer',
      'unique: true',
      'format: email  # all 200 values have it',
      'set: [green, red]  # all that was seen',
      'null-like: ["", NA]',
      'max-missing: 0.23  # 29 of 200 rows have no value',
      'min: 0  # seen: 0.25 to 49.75',
      'type: date',
      'void: {}  # no value in the sample',
      '# 67 values are "-": if that means "no value"',
    ])
      expect(text).toContain(line)
    // A leading zero makes a code of it.
    expect(text).toMatch(/zip:\n {4}type: string/)
    const checked = await cli('validate', at('data.csv'), '--schema', at('inferred.yaml'), '--json', '-')
    const { checks, verdict } = validationSchema.parse(JSON.parse(checked.stdout))
    expect(checks.filter((check) => check.verdict !== 'passed')).toEqual([])
    expect(verdict).toBe('passed')
    expect((await cli(...args)).stderr).toContain('is already there')
    expect((await cli(...args, '--force')).exitCode).toBe(0)
    expect(readFileSync(at('inferred.yaml'), 'utf8')).toBe(text)
  })

  it('quotes names and values that YAML would read as something else', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 'yes' : '"#: [x"'},1`)
    const { at } = project(`"a: b","null"\n${lines.join('\n')}\n`)
    expect((await cli('infer', at('data.csv'), '--out', at('i.yaml'))).exitCode).toBe(0)
    expect(readFileSync(at('i.yaml'), 'utf8')).toContain('set: ["#: [x", "yes"]')
    expect((await cli('validate', at('data.csv'), '--schema', at('i.yaml'))).exitCode).toBe(0)
  })

  it('refuses a sample without rows', async () => {
    const { at } = project('a,b\n')
    expect((await cli('infer', at('data.csv'), '--out', at('i.yaml'))).exitCode).toBe(3)
    expect(existsSync(at('i.yaml'))).toBe(false)
  })
})
