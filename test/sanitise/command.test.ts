import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../src/base/errors.ts'
import { scratchFolders } from '../../src/base/testing.ts'
import { dataSanitize } from '../../src/cli/commands/data-sanitize.ts'
import { readFlags } from '../../src/cli/flags/flag.ts'
import { outputTo } from '../../src/cli/terminal/output.ts'
import { sanitiseResultSchema } from '../../src/contract/sanitise-result.ts'
import { parseRules } from '../../src/screening/sanitise/index.ts'

const newFolder = scratchFolders()
const card = '4111 1111 1111 1111'

const command = async (file: string, flags: Readonly<Record<string, unknown>>) => {
  let [stdout, stderr] = ['', '']
  const terminal = {
    stdout: { write: (text: string) => (stdout += text), columns: 100 },
    stderr: { write: (text: string) => (stderr += text), columns: 100 },
  }
  const out = outputTo(terminal, '-')
  const exit = await dataSanitize.run({
    flags: readFlags(dataSanitize.flags, { project: dirname(file), ...flags }),
    arguments: [file],
    seed: 0,
    out,
  })
  return { exit, words: stderr, result: sanitiseResultSchema.parse(JSON.parse(stdout)) }
}

const table = async (text: string) => {
  const file = join(newFolder(), 'a.csv')
  await writeFile(file, text)
  return file
}

describe('bartizan data sanitize', () => {
  it('tells with --explain what looked like personal data and is none, values masked', async () => {
    const file = await table(`id,note\n1,card 4111 1111 1111 1112\n2,SSN 078-05-1120\n`)
    const { exit, words, result } = await command(file, { dryRun: true, explain: true })
    expect(exit).toBe(0)
    expect(result.suppressed?.counts).toMatchObject([
      { kind: 'card', reason: 'failed-check', count: 1 },
      { kind: 'national-id', rule: 'us-ssn', reason: 'sample-number', count: 1 },
      { kind: 'phone', reason: 'context', count: 1 },
    ])
    expect(result.suppressed?.examples[0]).toMatchObject({ row: 0, column: 'note', start: 5, end: 24 })
    expect(JSON.stringify(result)).not.toMatch(/4111|078/)
    expect(words).toContain('3 candidates')
    expect((await command(file, { dryRun: true })).result.suppressed).toBeUndefined()
  })

  it('writes the file, prints counts and gives the result as JSON', async () => {
    const file = await table(`id,note\n1,card ${card}\n2,=1+1\n`)
    const { exit, words, result } = await command(file, { out: `${file}.out` })
    expect(exit).toBe(0)
    expect(words).toContain('2 rows in, 2 rows out, 0 dropped, 2 changed')
    expect(words).not.toContain('4111')
    expect(result).toMatchObject({ verdict: 'sanitised', format: 'csv', entitiesTotal: 2 })
    expect(await readFile(`${file}.out`, 'utf8')).toBe("id,note\n1,card **** **** **** 1111\n2,'=1+1\n")
  })

  it('exits with 1 in a dry run where something would change, else with 0', async () => {
    expect(await command(await table(`a\n${card}\n`), { dryRun: true })).toMatchObject({
      exit: 1,
      result: { out: null },
    })
    expect(await command(await table('a\nhello\n'), { dryRun: true })).toMatchObject({
      exit: 0,
      result: { verdict: 'unchanged' },
    })
  })

  it('follows flags over the rules file, and tells which rules it followed', async () => {
    const file = await table(`a,b\n${card},${card}\n`)
    const rules = join(newFolder(), 'rules.yaml')
    await writeFile(rules, 'actions: {card: mask}\ncolumns:\n  b: skip\n')
    const flags = { out: `${file}.out`, rules, action: ['card=mask:2'] }
    const { result } = await command(file, flags)
    expect(await readFile(`${file}.out`, 'utf8')).toBe(`a,b\n**** **** **** **11,${card}\n`)
    expect(result.policy.rules?.path).toBe(rules)
    const other = await command(file, { ...flags, action: ['card=mask:3'] })
    expect(other.result.policy.sha256).not.toBe(result.policy.sha256)
  })

  it.each([
    [{}, '--out <file> is missing'],
    [{ out: 'x', action: ['crad=mask'] }, 'no kind "crad"', 'did you mean "card"'],
    [{ out: 'x', action: ['card=maks'] }, 'no action "maks"', 'did you mean "mask"'],
    [{ out: 'x', action: ['card=neutralise'] }, 'card is personal data'],
    [{ out: 'x', action: ['html=fake'] }, 'html can be neutralised'],
    [{ out: 'x', action: ['card=hash'] }, 'card=hash: this needs a key', 'head -c 32'],
    [{ out: 'x', restore: true }, 'restoring needs the key'],
    [{ out: 'x', kinds: 'emial' }, 'no kind "emial"', 'did you mean "email"'],
    [{ out: 'x', regions: 'Germany' }, '"Germany" is no country code'],
    [{ out: 'x', minScore: '2' }, '--min-score is "2"'],
  ])('%j is a usage error', async (flags, message, hint = '') => {
    const file = await table('a\nx\n')
    const error: unknown = await command(file, flags).catch((thrown: unknown) => thrown)
    expect(isBartizanError(error, 'USAGE') && `${error.message} ${error.hint}`).toContain(message)
    expect(isBartizanError(error) && `${error.hint}`).toContain(hint)
  })

  it.each(['rules', 'key'] as const)('refuses to write over the file of --%s', async (flag) => {
    const file = await table('a\nx\n')
    const read = join(newFolder(), 'read')
    await writeFile(read, 'kept')
    await expect(command(file, { out: read, [flag]: read })).rejects.toMatchObject({ code: 'USAGE' })
    expect(await readFile(read, 'utf8')).toBe('kept')
  })

  it('refuses a key that is none', async () => {
    const file = await table('a\nx\n')
    const key = join(newFolder(), 'key')
    for (const text of ['short', 'a'.repeat(64)]) {
      await writeFile(key, text)
      await expect(command(file, { out: 'x', key })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    }
  })
})

describe('a rules file', () => {
  it('holds actions, columns, regions and thresholds', () => {
    expect(
      parseRules(
        'actions: {email: token, card: "mask:4"}\ncolumns:\n  age: {as: age, action: generalise}\n  id: skip\n  note: {actions: {html: remove}, min-score: 0.7}\nregions: [DE]\nmin-score: 0.6\nnfc: true\n',
        'r.yaml',
      ),
    ).toEqual({
      actions: { email: { name: 'token' }, card: { name: 'mask', keep: 4 } },
      columns: {
        age: { as: 'age', actions: { age: { name: 'generalise' } } },
        id: { skip: true },
        note: { actions: { html: { name: 'remove' } }, minScore: 0.7 },
      },
      regions: ['DE'],
      minScore: 0.6,
      nfc: true,
    })
    expect(parseRules('', 'r.yaml')).toEqual({})
  })

  it.each([
    ['actoins: {}', 'r.yaml:1:1: unknown key "actoins"; did you mean "actions"?'],
    ['actions:\n  emial: mask', 'r.yaml:2:3: actions.emial: unknown kind "emial"; did you mean "email"'],
    ['actions:\n  email: maks', 'r.yaml:2:3: actions.email: there is no action "maks"; did you mean "mask"'],
    ['actions:\n  html: hash', 'r.yaml:2:3: actions.html: html can be neutralised'],
    ['columns:\n  a:\n    acton: mask', 'r.yaml:3:5: unknown key "acton" in columns.a; did you mean "action"?'],
    ['columns:\n  a: {action: mask}', 'r.yaml:2:7: columns.a.action: action goes with "as"'],
    ['columns:\n  a: skipp', 'r.yaml:2:3: columns.a: expected "skip" or a mapping'],
    ['min-score: 3', 'r.yaml:1:1: min-score: must be at most 1, found 3'],
    ['regions: [Germany]', 'r.yaml:1:11: regions[0]: expected a country code of two capitals'],
    ['columns:\n  a: {acton: mask, min-score: x}', 'r.yaml:2:7: unknown key "acton" in columns.a'],
    ['actions: &a {email: *a}', 'r.yaml:1:21: the alias *a stands within'],
    ['a: [1', 'r.yaml:1:'],
  ])('%j is refused with file, line and column', (text, message) => {
    expect(() => parseRules(text, 'r.yaml')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    )
  })
})
