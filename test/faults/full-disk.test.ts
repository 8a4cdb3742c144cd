import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createStatement, recordEvidence, verifyEvidence } from '../../src/evidence/index.ts'
import { bartizan } from '../cli/bartizan.ts'
import { smallDisk } from './small-disk.ts'
import { configureIn, expectIntact, filesIn, passed, quick, results } from './state.ts'

const disk = smallDisk(1024)
const newFolder = (name: string): string => {
  const folder = join(disk.folder, name)
  mkdirSync(folder)
  return folder
}

const claim = (run: number, i: number) =>
  createStatement({
    subject: [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: 'https://example.com/claim',
    predicate: { run, i },
  })

describe.skipIf(disk.refused)(`a full disk${disk.refused ? ` (${disk.refused})` : ''}`, () => {
  it.each([
    ['predict', []],
    ['attack', ['run', 'fgsm', '--eps', '0.1', '--range=0,5000']],
  ])('%s --save says so, and keeps the file that was there', async (command, flags) => {
    const folder = newFolder(command)
    const path = join(folder, 'rows.npy')
    const save = () => bartizan(command, ...flags, ...quick, '--save', path)
    expect(await save()).toMatchObject(passed)
    const before = readFileSync(path)
    disk.leave(0)
    const { exitCode, stdout, stderr } = await save()
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
    expect(stderr).toContain(`error FILE_UNWRITABLE: ${path} can't be written: the disk is full\nhint: free some space`)
    expect(filesIn(folder)).toEqual(['rows.npy'])
    expect(readFileSync(path)).toEqual(before)
    disk.free()
  })

  it('lets evidence be recorded whole or not at all, whatever space is left', async () => {
    const root = newFolder('evidence')
    await recordEvidence({ root, statements: [claim(-1, 0), claim(-1, 1)] })
    let recorded = 2
    let failures = 0
    for (let finished = false; !finished; ) {
      const earlier = results(root)
      disk.leave(failures)
      try {
        await recordEvidence({ root, statements: [0, 1, 2].map((i) => claim(failures, i)) })
        finished = true
      } catch (error) {
        expect(error).toMatchObject({
          code: 'FILE_UNWRITABLE',
          message: expect.stringMatching(new RegExp(`^${root}/.*the disk is full$`)),
          hint: expect.stringContaining('space on the disk'),
        })
        failures++
      }
      disk.free()
      await expectIntact(root, earlier)
      const { records } = await verifyEvidence(root)
      expect(finished ? [recorded + 3] : [recorded, recorded + 3]).toContain(records)
      // And goes on where it stands.
      await recordEvidence({ root, statements: [claim(failures, finished ? 4 : 3)] })
      recorded = records + 1
    }
    expect(failures).toBeGreaterThan(4)
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: recorded })
  })

  it('leaves no half of a key where there was none before', async () => {
    const root = newFolder('keys')
    for (const pages of [0, 1, 2]) {
      disk.leave(pages)
      await expect(recordEvidence({ root, statements: [claim(0, 0)] })).rejects.toMatchObject({
        code: 'FILE_UNWRITABLE',
      })
      expect(filesIn(root).filter((name) => /signing\.pem./.test(name))).toEqual([])
    }
    disk.free()
    await recordEvidence({ root, statements: [claim(0, 0)] })
    expect(await verifyEvidence(root)).toMatchObject({ verdict: 'passed', records: 1 })
  })

  it('stops an assessment wherever it fills up; earlier results stay, and --resume goes on', async () => {
    const folder = newFolder('project')
    const config = configureIn(folder)
    expect(await bartizan('assess', config)).toMatchObject(passed)
    let failures = 0
    let exitCode: number | null = null
    // Each time other numbers, so that every file would be written anew.
    for (let seed = 1; exitCode !== 0; seed++) {
      const earlier = results(folder)
      disk.leave(3 * failures)
      const ended = await bartizan('assess', config, '--seed', String(seed))
      exitCode = ended.exitCode
      disk.free()
      if (exitCode === 0) break
      failures++
      expect(ended).toMatchObject({ exitCode: 3, stdout: '' })
      expect(ended.stderr).toMatch(
        new RegExp(`\nerror FILE_UNWRITABLE: ${folder}/.*: the disk is full\nhint: .*--resume`),
      )
      await expectIntact(folder, earlier)
    }
    expect(failures).toBeGreaterThan(4)
    const resumed = await bartizan('assess', config, '--seed', String(failures), '--resume')
    expect(resumed, resumed.stderr).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(readFileSync(join(folder, 'report/report.json'), 'utf8'))).toMatchObject({ seed: failures })
  })
})
