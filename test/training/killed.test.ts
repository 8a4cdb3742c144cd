import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../src/base/testing.ts'
import { busyRun } from '../../src/training/testing.ts'
import { train } from '../../src/training/train.ts'

const file = scratch()

/** A process that trains and is killed by the system, with no chance to say goodbye, once it has made that step. */
const killedAt = (path: string, epoch: number, step: number) => {
  const source = (name: string) => JSON.stringify(new URL(`../../src/training/${name}.ts`, import.meta.url).href)
  const script = `
    import { busyRun } from ${source('testing')}
    import { train } from ${source('train')}
    const progress = (at) => {
      if (at.epoch === ${epoch} && at.step === ${step}) process.kill(process.pid, 'SIGKILL')
    }
    await train(await busyRun({ checkpoint: ${JSON.stringify(checkpointAt(path))}, progress }))
  `
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => resolve(signal)))
}

const checkpointAt = (path: string) => ({ path, run: 'killed', resume: true, everySeconds: 0 })

describe('a process that is killed in the middle of an epoch', () => {
  it('and another that goes on from its checkpoint make the same network as one that was left in peace', async () => {
    const path = file('run.ckpt')
    for (const [epoch, step] of [
      [2, 3],
      [3, 2],
    ] as const) {
      expect(await killedAt(path, epoch, step)).toBe('SIGKILL')
      expect(existsSync(path)).toBe(true)
    }
    const seen: number[] = []
    const progress = ({ epoch, step }: { readonly epoch: number; readonly step: number }) =>
      seen.push(10 * epoch + step)
    const resumed = await train(await busyRun({ checkpoint: checkpointAt(path), progress }))
    expect(seen[0]).toBe(32)
    expect(resumed).toEqual(await train(await busyRun()))
  })
})
