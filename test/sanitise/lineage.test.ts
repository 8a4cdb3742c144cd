import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { dataBias } from '../../src/cli/commands/data-bias.ts'
import { dataSanitize } from '../../src/cli/commands/data-sanitize.ts'
import { dataValidate } from '../../src/cli/commands/data-validate.ts'
import { programOf } from '../../src/cli/program.ts'
import { report } from '../../src/cli/terminal/failure.ts'
import { drawLineage } from '../../src/cli/work/lineage.ts'
import { verifyProject } from '../../src/cli/work/verification.ts'
import type { DataRecord } from '../../src/contract/data-record.ts'
import { readDataRecord, readStoredRecords } from '../../src/evidence/lineage/index.ts'
import { smallDisk } from '../faults/small-disk.ts'
import { record } from '../lineage/pipeline.ts'

const newFolder = scratchFolders()
const disk = smallDisk(256)

const cli = async (...args: readonly string[]) => {
  let [words, exit] = ['', -1]
  const stream = { write: (text: string) => (words += text), columns: 100 }
  const finished = (code: number): void => {
    exit = code
  }
  const commands = [dataSanitize, dataBias, dataValidate]
  const terminal = { stdout: stream, stderr: stream }
  try {
    await programOf({ commands, groups: { data: '' }, version: '0', terminal, finished }).parseAsync(
      ['data', ...args],
      { from: 'user' },
    )
  } catch (error) {
    exit = report(error, stream, false)
  }
  return { exit, words }
}

const rows = (count: number): string =>
  `id,name,email,sex,y\n${Array.from({ length: count }, (_, i) => `${i},Ada,a${i}@firma.de,${i % 2 ? 'f' : 'm'},${i % 3 ? 1 : 0}`).join('\n')}\n`

const project = () => {
  const root = newFolder()
  const at = (name: string): string => join(root, name)
  writeFileSync(at('raw.csv'), rows(60))
  for (const [name, first] of [
    ['key', 1],
    ['other', 2],
  ] as const)
    writeFileSync(at(name), Buffer.from(Array.from({ length: 32 }, (_, i) => first + i)), { mode: 0o600 })
  const sanitize = (from: string, to: string, ...more: readonly string[]) =>
    cli('sanitize', at(from), '--out', at(to), '--project', root, ...more)
  const records = (): readonly DataRecord[] =>
    readStoredRecords(root).map(({ statement, problem }) => {
      expect(problem).toBeUndefined()
      return readDataRecord(statement)
    })
  const verdict = async () => await verifyProject(root, { key: [] })
  return { root, at, sanitize, records, verdict, text: (name: string) => readFileSync(at(name), 'utf8') }
}

const lineageFlags = { forward: true, format: 'text', namespace: 'test' } as const

describe('what data sanitize records', () => {
  it('is signed: from what, by which command, into what, which rule changed how much, and no secret', async () => {
    const { root, at, sanitize, records, text } = project()
    const { exit, words } = await sanitize('raw.csv', 'clean.csv', '--action', 'email=token', '--key', at('key'))
    expect({ exit, words }).toMatchObject({ exit: 0, words: expect.stringContaining('recorded as entry 0') })
    const [made] = records()
    expect(made).toMatchObject({
      step: 'sanitise',
      role: 'output',
      command: 'bartizan data sanitize raw.csv --out clean.csv --action email=token',
      params: { policy: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), key: expect.stringMatching(/^[0-9a-f]{8}$/) },
      materials: [{ name: 'raw.csv' }],
      commitments: [{ name: 'clean.csv' }],
      changes: { rows: { in: 60, out: 60, dropped: 0, changed: 60 }, cells: { in: 300, changed: 60 } },
    })
    expect(made.changes?.rules).toContainEqual({ kind: 'email', rule: 'email', action: 'token', rows: 60, cells: 60 })
    const stored = readStoredRecords(root).map(({ statement }) => JSON.stringify(statement))
    const key = readFileSync(at('key'))
    for (const secret of ['Ada', '@firma.de', text('clean.csv').slice(60, 90), key.toString('hex'), at('key')])
      expect(stored.join()).not.toContain(secret)
  })

  it('is one record however often the step is taken, and another where the outcome differs', async () => {
    const { at, sanitize, records, text, verdict } = project()
    const one = () => sanitize('raw.csv', 'clean.csv', '--action', 'email=fake', '--key', at('key'))
    await one()
    const first = text('clean.csv')
    await one()
    expect(text('clean.csv')).toBe(first)
    expect(records()).toHaveLength(1)
    await sanitize('raw.csv', 'clean.csv', '--action', 'email=fake', '--key', at('other'))
    expect(text('clean.csv')).not.toBe(first)
    expect(records()).toHaveLength(2)
    expect((await verdict()).verdict).toBe('passed')
    // Back to the first outcome: the log must say so last, or verify would miss what is here now.
    await one()
    expect(records()).toHaveLength(3)
    expect(await verdict()).toMatchObject({ verdict: 'passed', findings: [] })
  })

  it('is nothing for a dry run, and the work is not begun where no record could be written', async () => {
    const { root, at, records } = project()
    await cli('sanitize', at('raw.csv'), '--dry-run', '--project', root)
    expect(records()).toEqual([])
    const refused = await cli('sanitize', at('raw.csv'), '--out', at('x.csv'), '--project', at('raw.csv'))
    expect(refused).toMatchObject({ exit: 2, words: expect.stringContaining('is no folder') })
    expect(existsSync(at('x.csv'))).toBe(false)
  })

  it('leads from a poisoned source to all that was made of it; verify finds what was changed since', async () => {
    const { root, at, records, verdict } = project()
    await cli(
      ...['bias', at('raw.csv'), '--protected', 'sex', '--label', 'y', '--project', root, '--seed', '7'],
      ...['--reweigh', at('weighted.csv'), '--resample', at('sampled.csv')],
    )
    writeFileSync(at('schema.yaml'), 'columns:\n  id: {type: integer, max: 49}\nextra-columns: allow\n')
    const parted = await cli(
      ...['validate', at('weighted.csv'), '--schema', at('schema.yaml'), '--project', root],
      ...['--quarantine', at('bad.csv'), '--passed', at('good.csv')],
    )
    expect(parted.words).toContain('record: .bartizan/evidence/')
    writeFileSync(at('model.onnx'), 'weights')
    const [weighted, sampled, parts] = records()
    expect(weighted).toMatchObject({
      step: 'reweigh',
      params: { rule: 'reweighing', protected: 'sex', weightColumn: 'weight' },
      changes: { rows: { in: 60, out: 60 }, rules: [{ rule: 'reweighing', action: 'weight', cells: 60 }] },
    })
    expect(sampled).toMatchObject({
      step: 'resample',
      params: { seed: '7' },
      command: expect.stringMatching(/--resample sampled.csv .*--seed 7/),
    })
    expect(parts).toMatchObject({
      step: 'validate',
      changes: { rows: { in: 60, out: 50, dropped: 10 }, rules: [{ action: 'quarantine', rows: 10 }] },
      commitments: [{ name: 'bad.csv' }, { name: 'good.csv' }],
    })
    await record([at('model.onnx')], { project: root, step: 'train', from: [at('good.csv')], model: true })
    const { lineage } = await drawLineage(at('raw.csv'), { ...lineageFlags, project: root })
    const names = lineage.nodes.flatMap((node) => (node.type === 'artefact' ? node.names : []))
    expect(names.sort()).toEqual(['bad.csv', 'good.csv', 'model.onnx', 'raw.csv', 'sampled.csv', 'weighted.csv'])
    expect((await verdict()).verdict).toBe('passed')
    for (const name of ['weighted.csv', 'sampled.csv', 'bad.csv', 'good.csv']) {
      const whole = readFileSync(at(name))
      const changed = Buffer.from(whole)
      changed[changed.length - 2]! ^= 1
      writeFileSync(at(name), changed)
      expect((await verdict()).findings).toMatchObject([{ kind: 'subject-changed', file: name }])
      writeFileSync(at(name), whole)
    }
  })
})

describe('a key', () => {
  it('gives the same tokens and surrogates over files, and others under another key', async () => {
    const { at, sanitize, text } = project()
    writeFileSync(at('a.csv'), 'f,t,h\nx@firma.de,x@firma.de,x@firma.de\n')
    writeFileSync(at('b.jsonl'), '{"h":"x@firma.de","t":"x@firma.de","f":"x@firma.de"}\n')
    writeFileSync(
      at('rules.yaml'),
      `columns:\n${['f: fake', 't: token', 'h: hash'].map((rule) => rule.replace(/(.): (.*)/, '  $1: {as: email, action: $2}\n')).join('')}`,
    )
    const flags = (key: string) => ['--rules', at('rules.yaml'), '--key', at(key)]
    await sanitize('a.csv', 'a.out.csv', ...flags('key'))
    await sanitize('b.jsonl', 'b.out.jsonl', ...flags('key'))
    await sanitize('a.csv', 'c.out.csv', ...flags('other'))
    const cells = (name: string) => text(name).trim().split('\n')[1].split(',')
    const { f, t, h } = JSON.parse(text('b.out.jsonl')) as Readonly<Record<'f' | 't' | 'h', string>>
    expect(cells('a.out.csv')).toEqual([f, t, h])
    for (const [i, other] of cells('c.out.csv').entries()) expect(other).not.toBe([f, t, h][i])
  })

  it.skipIf(process.platform === 'win32')('is refused where others can read it', async () => {
    const { at, sanitize } = project()
    for (const mode of [0o644, 0o640, 0o604]) {
      chmodSync(at('key'), mode)
      const { exit, words } = await sanitize('raw.csv', 'x.csv', '--action', 'email=token', '--key', at('key'))
      expect({ exit, words }).toMatchObject({ exit: 2, words: expect.stringContaining('chmod 600') })
    }
    expect(existsSync(at('x.csv'))).toBe(false)
    expect(statSync(at('key')).mode & 0o777).toBe(0o604)
  })
})

describe('a mistyped column', () => {
  it('is an error with the nearest name, before anything is written', async () => {
    const { at, sanitize } = project()
    const { exit, words } = await sanitize('raw.csv', 'x.csv', '--columns', 'emial')
    expect({ exit, words }).toMatchObject({ exit: 2, words: expect.stringContaining('did you mean "email"?') })
    expect(existsSync(at('x.csv'))).toBe(false)
  })

  it('of a rules file, which may be for several tables, is told', async () => {
    const { at, sanitize } = project()
    writeFileSync(at('rules.yaml'), 'columns:\n  emial: {as: email, action: mask}\n')
    expect((await sanitize('raw.csv', 'x.csv', '--rules', at('rules.yaml'))).words).toContain(
      '"emial", which is not in',
    )
  })

  it('is told from one of numbers, which a rules file may declare', async () => {
    const { at, sanitize, text } = project()
    writeFileSync(at('a.jsonl'), '{"n":41,"x":1}\n')
    writeFileSync(at('rules.yaml'), 'columns:\n  n: {as: age, action: generalise}\n')
    const { words } = await sanitize('a.jsonl', 'b.jsonl', '--rules', at('rules.yaml'))
    expect(words).not.toContain('note:')
    expect(text('b.jsonl')).toBe('{"n":null,"x":1}\n')
  })
})

describe('a header', () => {
  it('is taken for one unless --no-header is given', async () => {
    const { sanitize } = project()
    expect((await sanitize('raw.csv', 'x.csv')).words).toContain('60 rows in')
    expect((await sanitize('raw.csv', 'y.csv', '--no-header')).words).toContain('61 rows in')
  })
})

describe('an interrupted run', () => {
  it('leaves the input and the earlier output as they were, and no record', async () => {
    const { root, at, sanitize, records } = project()
    await sanitize('raw.csv', 'clean.csv')
    const before = readFileSync(at('clean.csv'))
    const raw = rows(300_000)
    writeFileSync(at('raw.csv'), raw)
    const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
    const args = ['data', 'sanitize', at('raw.csv'), '--out', at('clean.csv'), '--project', root]
    await new Promise<void>((resolve) => {
      const child = execFile(process.execPath, ['--import', 'tsx', main, ...args], () => resolve())
      const timer = setInterval(() => {
        // Killed in the middle: it has begun to write, and is not done.
        if (!readdirSync(root).some((name) => name.endsWith('.tmp') && statSync(at(name)).size > 0)) return
        clearInterval(timer)
        child.kill('SIGKILL')
      }, 2)
      child.on('exit', () => clearInterval(timer))
    })
    expect(readdirSync(root).some((name) => name.endsWith('.tmp'))).toBe(true)
    expect(readFileSync(at('clean.csv'))).toEqual(before)
    expect(readFileSync(at('raw.csv'), 'utf8')).toBe(raw)
    expect(records()).toHaveLength(1)
  })

  it.skipIf(disk.refused)('by a full disk is an error, and leaves the earlier output alone', async () => {
    const { root, at, records } = project()
    writeFileSync(at('raw.csv'), rows(3000))
    const out = join(disk.folder, 'clean.csv')
    writeFileSync(out, 'earlier')
    disk.leave(2)
    const { exit, words } = await cli('sanitize', at('raw.csv'), '--out', out, '--project', root)
    expect({ exit, words }).toMatchObject({ exit: 3, words: expect.stringContaining('the disk is full') })
    expect(readFileSync(out, 'utf8')).toBe('earlier')
    expect(readdirSync(disk.folder).filter((name) => name.includes('tmp'))).toEqual([])
    expect(records()).toEqual([])
  })
})
