import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fileDigest } from '../../src/data/index.ts'
import { readStoredRecords } from '../../src/evidence/lineage/index.ts'
import { provenanceType, runDigest } from '../../src/evidence/slsa/index.ts'
import { scratchFolders } from '../cli/bartizan.ts'
import { start } from '../support/process.ts'
import { digitRows } from './scratch-run.ts'

const folder = scratchFolders()
const layers = ['--architecture', 'conv 8 5x5 stride 2, relu, dense 32, relu, dense classes']
const recipe = ['epochs=6', 'batch=4', 'shift=1', 'learning-rate=0.01'].flatMap((value) => ['--set', value])
const train = (cwd: string, ...flags: readonly string[]) =>
  start(['train', ...layers, ...digitRows, '--threads', '1', ...recipe, '--out', 'o.onnx', ...flags], { cwd })

const provenances = (folder: string) =>
  readStoredRecords(folder).filter(({ statement }) => statement.predicateType === provenanceType)

/** Until the run has kept its first epoch: it is then in the middle of the second one. */
const withinSecondEpoch = async (cwd: string): Promise<void> => {
  for (let i = 0; i < 2000 && !existsSync(`${cwd}/run.ckpt`); i++) await setTimeout(10)
  await setTimeout(100)
}

describe('a run that stops', () => {
  it('goes on after SIGKILL as if nothing had happened: the same model, bit for bit', async () => {
    const [killed, undisturbed] = [folder(), folder()]
    const reference = train(undisturbed).ended
    const { child, ended } = train(killed, '--checkpoint', 'run.ckpt')
    await withinSecondEpoch(killed)
    child.kill('SIGKILL')
    expect((await ended).exitCode).toBe(null)
    expect(existsSync(`${killed}/o.onnx`)).toBe(false)
    const resumed = await train(killed, '--checkpoint', 'run.ckpt', '--resume').ended
    expect(resumed.stderr).toMatch(/^standard: finished: all 6 epochs/m)
    expect((await reference).stderr).toMatch(/^standard: finished: all 6 epochs/m)
    expect(await fileDigest(`${killed}/o.onnx`)).toBe(await fileDigest(`${undisturbed}/o.onnx`))
    const [[{ statement }, ...more], [other]] = [killed, undisturbed].map(provenances)
    expect(more).toEqual([])
    // Both say the same, but for the times.
    expect(runDigest(statement)).toBe(runDigest(other.statement))
  })

  it('says at Ctrl-C how to go on', async () => {
    const at = folder()
    const { child, ended } = train(at, '--checkpoint', 'run.ckpt')
    await withinSecondEpoch(at)
    child.kill('SIGINT')
    const { exitCode, stderr } = await ended
    expect(exitCode).toBe(130)
    expect(stderr).toMatch(/interrupted\nhint: the same command with --resume goes on from run\.ckpt\n$/)
    expect(existsSync(`${at}/o.onnx`)).toBe(false)
  })
})
