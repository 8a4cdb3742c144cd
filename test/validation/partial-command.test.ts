import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../src/base/errors.ts'
import { scratchFolders } from '../../src/base/testing.ts'
import { dataValidate } from '../../src/cli/commands/data-validate.ts'
import { programOf } from '../../src/cli/program.ts'
import { report } from '../../src/cli/terminal/failure.ts'
import { validationSchema } from '../../src/contract/validation.ts'
import { requireValidated } from '../../src/screening/validation/index.ts'

const newFolder = scratchFolders()

const cli = async (...args: readonly string[]) => {
  let [stdout, stderr, exitCode] = ['', '', -1]
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  const program = programOf({
    commands: [dataValidate],
    groups: { data: 'Data' },
    version: '0',
    terminal,
    finished: (code) => {
      exitCode = code
    },
  })
  try {
    await program.parseAsync(['data', 'validate', ...args], { from: 'user' })
  } catch (error) {
    exitCode = report(error, terminal.stderr, false)
  }
  return { exitCode, stdout, stderr }
}

const schemaText = `columns:
  id: {type: integer, unique: true}
  mail: {type: string, max-length: 12}
`

const project = (parts: Readonly<Record<string, string>>) => {
  const folder = newFolder()
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('s.yaml'), schemaText)
  for (const [name, text] of Object.entries(parts)) writeFileSync(at(name), text)
  const common = ['--schema', at('s.yaml'), '--project', folder, '--now', '2026-01-01']
  const validate = (name: string) => cli(at(name), ...common, '--partial', at(`${name}.state`))
  const merge = (names: readonly string[], ...more: readonly string[]) =>
    cli('--merge', ...names.map((name) => at(`${name}.state`)), ...common, ...more)
  return { folder, at, validate, merge }
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (isBartizanError(error, 'EVIDENCE_INVALID') ? error.data.reason : String(error)),
  )

describe('bartizan data validate --partial and --merge', () => {
  it('finds a key that repeats in another part, counts unreadable lines, names part and row, and fails all parts', async () => {
    const { folder, at, validate, merge } = project({
      'a.csv': 'id,mail\n1,a\n2,jane.doe@example.org\n',
      'b.csv': 'id,mail\n3,c\n4,d,e\n1,f\n',
      'empty.csv': 'id,mail\n',
    })
    for (const name of ['a.csv', 'b.csv', 'empty.csv']) expect((await validate(name)).stderr).toBe('')
    const names = ['a.csv', 'b.csv', 'empty.csv']
    const outputs = ['--quarantine', at('bad.csv'), '--report', at('r.html'), '--junit', at('r.xml')]
    const { exitCode, stderr } = await merge(names, ...outputs, '--attest', '--json', at('result.json'))
    expect(stderr).toBe('')
    const result = validationSchema.parse(JSON.parse(readFileSync(at('result.json'), 'utf8')))
    expect(exitCode).toBe(1)
    expect(result).toMatchObject({ verdict: 'failed', rows: { in: 5, passed: 1, quarantined: 4 } })
    expect(result.parts?.map(({ path, rows }) => [path, rows])).toEqual([
      ['a.csv', 2],
      ['b.csv', 3],
      ['empty.csv', 0],
    ])
    expect(readFileSync(at('bad.csv'), 'utf8')).toBe(
      'bartizan_part,bartizan_row,bartizan_reasons\na.csv,0,id.unique\na.csv,1,mail.length\nb.csv,1,table.readable\nb.csv,2,id.unique\n',
    )
    expect(result.checks.find(({ id }) => id === 'table.readable')?.message).toContain('first: b.csv, line 3')
    const examples = new Map(result.examples.map(({ check, rows }) => [check, rows]))
    expect(examples.get('mail.length')).toEqual([{ part: 'a.csv', row: 1, values: { mail: '[email]' } }])
    expect(examples.get('id.unique')).toEqual([
      { part: 'a.csv', row: 0, values: {} },
      { part: 'b.csv', row: 2, values: {} },
    ])
    expect(readFileSync(at('a.csv.state'), 'latin1')).not.toContain('jane')
    expect(readFileSync(at('r.html'), 'utf8')).toContain('row 2 of b.csv')
    expect(readFileSync(at('r.xml'), 'utf8')).toContain('name="a.csv and 2 other parts"')
    expect(await reasonOf(requireValidated(at('b.csv'), { root: folder }))).toBe('failed')
  })

  it('signs for every part, so that each is let through and no other file is', async () => {
    const { folder, at, validate, merge } = project({
      'a.csv': 'id,mail\n1,a\n',
      'b.csv': 'id,mail\n2,b\n',
      'c.csv': 'id,mail\n3,c\n',
    })
    for (const name of ['a.csv', 'b.csv']) await validate(name)
    expect(await reasonOf(requireValidated(at('a.csv'), { root: folder }))).toBe('unvalidated')
    expect((await merge(['a.csv', 'b.csv'], '--attest')).exitCode).toBe(0)
    for (const name of ['a.csv', 'b.csv'])
      expect((await requireValidated(at(name), { root: folder })).result.rows).toMatchObject({ in: 2, passed: 2 })
    expect(await reasonOf(requireValidated(at('c.csv'), { root: folder }))).toBe('unvalidated')
    writeFileSync(at('b.csv'), 'id,mail\n2,B\n')
    expect(await reasonOf(requireValidated(at('b.csv'), { root: folder }))).toBe('changed')
  })

  it('refuses what is no set of parts of one data set', async () => {
    const { at, validate, merge } = project({
      'a.csv': 'id,mail\n1,a\n',
      'twin.csv': 'id,mail\n1,a\n',
      'other.csv': 'mail,id\na,2\n',
    })
    for (const name of ['a.csv', 'twin.csv', 'other.csv']) await validate(name)
    const refusal = async (names: readonly string[], ...more: readonly string[]) => {
      const { exitCode, stderr } = await merge(names, ...more)
      return [exitCode, stderr]
    }
    expect(await refusal([])).toEqual([2, expect.any(String)])
    expect(await refusal(['a.csv', 'twin.csv'])).toEqual([2, expect.stringContaining('the same part')])
    expect(await refusal(['a.csv', 'other.csv'])).toEqual([3, expect.stringContaining('its part has the columns')])
    expect(await refusal(['a.csv'], '--passed', at('x.csv'))).toEqual([2, expect.stringContaining('--passed')])
    expect((await cli(at('a.csv'), at('twin.csv'), '--schema', at('s.yaml'))).exitCode).toBe(2)
    copyFileSync(at('a.csv'), at('none.state'))
    expect((await refusal(['none']))[0]).toBe(3)
    const sound = readFileSync(at('a.csv.state'))
    for (let i = 0; i < sound.length; i += Math.ceil(sound.length / 25)) {
      const damaged = Buffer.from(sound)
      damaged[i]! ^= 1
      writeFileSync(at('damaged.state'), damaged)
      expect(await refusal(['damaged'])).toEqual([3, expect.stringContaining('no sound state')])
    }
    writeFileSync(at('s.yaml'), `${schemaText}rows: {min: 1}\n`)
    expect(await refusal(['a.csv'])).toEqual([2, expect.stringContaining('another schema')])
  })
})
