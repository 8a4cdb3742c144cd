import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../base/testing.ts'
import { adam } from '../onnx/optimisers.ts'
import { busyRun } from './testing.ts'
import { type TrainRequest, train } from './train.ts'

const newFolder = scratchFolders()

/** Better in epochs 1, 2 and 4: the best weights and what came after them must both survive. */
const scores = [0.3, 0.5, 0.4, 0.6]

/** `epoch` is the one that the run is in when it begins. */
const run = async (options: Partial<TrainRequest> = {}, epoch = 1) => {
  let current = epoch
  const request = await busyRun({
    optimiser: adam({ weightDecay: 1e-3 }),
    validate: async () => ({ accuracy: scores[current - 1]! }),
    ...options,
    progress(at) {
      current = at.epoch
      options.progress?.(at)
    },
  })
  try {
    return await train(request)
  } finally {
    await request.model.release()
  }
}

const stoppedAt = (epoch: number, step: number) => (at: { readonly epoch: number; readonly step: number }) => {
  if (at.epoch === epoch && at.step === step) throw new Error('stopped here')
}

const checkpointOf = (everySeconds: number) => ({
  path: `${newFolder()}/run.ckpt`,
  run: 'a',
  resume: true,
  everySeconds,
})

const undisturbed = run()

describe('a run that was stopped', () => {
  it.each([
    ['in the middle of an epoch', 3, 3, 0],
    ['in its first step', 1, 1, 0],
    ['in its second step', 1, 2, 0],
    ['in the last step of an epoch', 2, 5, 0],
    ['in the first step of an epoch', 3, 1, 0],
    ['long after it was saved', 3, 4, 1e9],
    ['before it was ever saved', 1, 4, 1e9],
  ])('%s ends as if it had not been', async (_, epoch, step, everySeconds) => {
    const checkpoint = checkpointOf(everySeconds)
    await expect(run({ checkpoint, progress: stoppedAt(epoch, step) })).rejects.toThrow('stopped here')
    expect(await run({ checkpoint }, epoch)).toEqual(await undisturbed)
  })

  it('loses no step of what it had done', async () => {
    const checkpoint = checkpointOf(1e9)
    await expect(run({ checkpoint, progress: stoppedAt(2, 3) })).rejects.toThrow('stopped here')
    const seen: string[] = []
    await run({ checkpoint, progress: ({ epoch, step }) => seen.push(`${epoch}/${step}`) })
    expect(seen[0]).toBe('2/4')
  })

  it('more than once ends as if it had not been', async () => {
    const checkpoint = checkpointOf(0)
    for (const [epoch, step] of [
      [1, 4],
      [2, 2],
      [4, 3],
    ] as const)
      await expect(run({ checkpoint, progress: stoppedAt(epoch, step) })).rejects.toThrow('stopped here')
    expect(await run({ checkpoint })).toEqual(await undisturbed)
  })

  it('at its end has nothing left to do', async () => {
    const checkpoint = checkpointOf(0)
    const first = await run({ checkpoint })
    const progress = () => expect.unreachable()
    expect(await run({ checkpoint, progress })).toEqual(first)
  })
})

describe('the checkpoint', () => {
  it('of another run is refused, and left alone', async () => {
    const checkpoint = checkpointOf(0)
    await run({ checkpoint, epochs: 1 })
    const before = readFileSync(checkpoint.path)
    await expect(run({ checkpoint: { ...checkpoint, run: 'b' } })).rejects.toMatchObject({ code: 'RUN_CONFLICT' })
    expect(readFileSync(checkpoint.path)).toEqual(before)
  })

  it('that is cut off is a clear error', async () => {
    const checkpoint = checkpointOf(0)
    await run({ checkpoint, epochs: 1 })
    writeFileSync(checkpoint.path, readFileSync(checkpoint.path).subarray(0, 3000))
    await expect(run({ checkpoint })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining(checkpoint.path),
    })
  })

  it('is begun anew where the run is not to go on', async () => {
    const checkpoint = { ...checkpointOf(0), resume: false }
    await expect(run({ checkpoint, progress: stoppedAt(3, 2) })).rejects.toThrow('stopped here')
    const epochs: number[] = []
    const outcome = await run({ checkpoint, progress: ({ epoch }) => epochs.push(epoch) })
    expect(epochs[0]).toBe(1)
    expect(outcome).toEqual(await undisturbed)
  })
})
