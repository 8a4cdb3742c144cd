import { chmodSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { createStatement, recordEvidence, verifyEvidence } from '../../src/evidence/index.ts'
import { bartizan } from '../cli/bartizan.ts'
import { start } from '../support/process.ts'
import { asSomeUser, giveTree, withMode, withoutOverride } from './other-user.ts'
import { configureIn, expectIntact, filesIn, passed, quick, results } from './state.ts'

const newFolder = scratchFolders()
const temporary = newFolder()
// Where folders of these tests lie, another user may go too.
beforeAll(() => chmodSync(dirname(temporary), 0o755))

/** A command line for which permissions count. */
const started = (...args: readonly string[]) =>
  start(args, { under: withoutOverride, cwd: temporary, env: { TMPDIR: temporary } }).ended

describe.skipIf(process.platform === 'win32')('a folder that may not be written to', () => {
  it.each([
    ['predict', []],
    ['attack', ['run', 'fgsm', '--eps', '0.1', '--range=0,5000']],
  ])('is refused as the place of %s --save, and keeps its file', async (command, flags) => {
    const folder = newFolder()
    const path = join(folder, 'rows.npy')
    expect(await bartizan(command, ...flags, ...quick, '--save', path)).toMatchObject(passed)
    const before = readFileSync(path)
    const ended = await withMode(folder, 0o555, () => started(command, ...flags, ...quick, '--save', path))
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' })
    const said = `error FILE_UNWRITABLE: ${path} can't be written: permission is missing\nhint: write elsewhere\n`
    expect(ended.stderr).toContain(said)
    expect(filesIn(folder)).toEqual(['rows.npy'])
    expect(readFileSync(path)).toEqual(before)
  })

  it.each([
    ['.bartizan/runs', 'check the permissions'],
    ['report', '--out'],
  ])('stops an assessment before its attacks: %s', async (closed, hint) => {
    const folder = newFolder()
    const config = configureIn(folder)
    expect(await bartizan('assess', config)).toMatchObject(passed)
    const earlier = results(folder)
    const ended = await withMode(join(folder, closed), 0o555, () => started('assess', config, '--seed', '1'))
    expect(ended, ended.stderr).toMatchObject({ exitCode: 3, stdout: '' })
    const [error, said] = ended.stderr.split('\n').slice(-3)
    expect(error).toContain(`error FILE_UNWRITABLE: ${join(folder, closed)}`)
    expect(error).toContain("can't be written: permission is missing")
    expect(said).toContain(hint)
    expect(ended.stderr).not.toContain('fgsm')
    await expectIntact(folder, earlier)
  })
})

describe.skipIf(process.platform === 'win32')('a part of the evidence that may not be written to', () => {
  const claim = (i: number) =>
    createStatement({
      subject: [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }],
      predicateType: 'https://example.com/claim',
      predicate: { i },
    })

  it('is that of a project with none yet', async () => {
    const root = newFolder()
    giveTree(root)
    const failed = withMode(root, 0o555, () => asSomeUser(() => recordEvidence({ root, statements: [claim(0)] })))
    await expect(failed).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining(join(root, '.bartizan')),
      hint: expect.stringContaining('check'),
    })
    expect(filesIn(root)).toEqual([])
  })

  it.each([
    ['lock', '555', 'FILE_UNWRITABLE'],
    ['lock', '000', 'FILE_UNREADABLE'],
    ['keys', '000', 'FILE_UNREADABLE'],
    ['log', '555', 'FILE_UNWRITABLE'],
    ['log/tile/0/000.p', '555', 'FILE_UNWRITABLE'],
    ['evidence', '555', 'FILE_UNWRITABLE'],
  ])('.bartizan/%s (mode %s, %s): nothing is lost, and it goes on once it may', async (part, mode, code) => {
    const root = newFolder()
    giveTree(root)
    const record = (...numbers: readonly number[]) =>
      asSomeUser(() => recordEvidence({ root, statements: numbers.map(claim) }))
    await record(0, 1)
    const earlier = results(root)
    const folder = join(root, '.bartizan', part)
    const failed = withMode(folder, Number.parseInt(mode, 8), () => record(2, 3))
    await expect(failed).rejects.toMatchObject({
      code,
      message: expect.stringContaining(folder),
      hint: expect.stringContaining('check'),
    })
    await expectIntact(root, earlier)
    await record(2, 3)
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', findings: [], records: 4 })
  })
})
