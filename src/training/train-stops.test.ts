import { describe, expect, it } from 'vitest'
import { scratch } from '../base/testing.ts'
import type { Classifier } from '../models/classifier.ts'
import { tensor } from '../onnx/tensor.ts'
import { openedWeights } from './gradient-step.ts'
import type { Validation } from './position.ts'
import { memoryStore } from './row-store.ts'
import { busyRun } from './testing.ts'
import { type TrainRequest, train } from './train.ts'

const file = scratch()
const rate = 0.05
const base: Partial<TrainRequest> = { schedule: () => rate }

/** One validation an epoch, in turn. */
const scripted = (...scores: readonly Validation[]) => {
  let epoch = 0
  return async (): Promise<Validation> => scores[epoch++]!
}
const accuracies = (...values: readonly number[]) => scripted(...values.map((accuracy) => ({ accuracy })))

const run = async (options: Partial<TrainRequest>) => {
  const request = await busyRun({ ...base, ...options })
  const outcome = await train(request)
  await request.model.release()
  return { ...outcome, initial: openedWeights(request.trained) }
}

describe('validation', () => {
  it('chooses the best epoch, the first of equal ones', async () => {
    const { weights, epochs, stopped } = await run({ validate: accuracies(0.5, 0.7, 0.7, 0.6) })
    expect(stopped.reason).toBe('finished')
    expect(epochs.map(({ best, validation }) => [best, validation?.accuracy])).toEqual([
      [true, 0.5],
      [true, 0.7],
      [false, 0.7],
      [false, 0.6],
    ])
    expect(weights).toEqual((await run({ epochs: 2 })).weights)
  })

  it('goes by robust accuracy where that was measured', async () => {
    const validate = scripted(
      { accuracy: 0.9, robustAccuracy: 0.1 },
      { accuracy: 0.8, robustAccuracy: 0.3 },
      { accuracy: 0.99, robustAccuracy: 0.2 },
    )
    const { epochs } = await run({ epochs: 3, validate })
    expect(epochs.map(({ best }) => best)).toEqual([true, true, false])
  })

  it('is of the network as it is after the epoch', async () => {
    const biases: number[] = []
    const validate = async (now: Classifier): Promise<Validation> => {
      const program = await now.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
      const { logits } = await program.run(1, { x: new Float32Array(25) })
      biases.push(logits![0]!)
      return { accuracy: biases.length / 10 }
    }
    await run({ epochs: 2, validate })
    const alone: number[] = [...biases]
    biases.length = 0
    await run({ epochs: 1, validate })
    expect(biases).toEqual(alone.slice(0, 1))
    expect(alone[1]).not.toBe(alone[0])
  })
})

describe('patience', () => {
  const options = { epochs: 9, patience: 2 }
  const scores = [0.5, 0.7, 0.6, 0.65, 0.9] as const

  it('ends a run that gets no better, with the best weights', async () => {
    const { weights, epochs, stopped } = await run({ ...options, validate: accuracies(...scores) })
    expect(stopped).toEqual({ reason: 'early stopping', detail: 'no better validation for 2 epochs' })
    expect(epochs.length).toBe(4)
    expect(weights).toEqual((await run({ epochs: 2 })).weights)
  })

  it('has ended for good: the run goes no further from its checkpoint', async () => {
    const checkpoint = { path: file('stopped.ckpt'), run: 'a', resume: true, everySeconds: 1e9 }
    const first = await run({ ...options, checkpoint, validate: accuracies(...scores) })
    const again = await run({ ...options, checkpoint, validate: accuracies(0.9) })
    expect(again).toEqual(first)
  })
})

describe('a run that diverges', () => {
  const from = (step: number, then: number) => (at: number) => (at < step ? rate : then)

  it.each([
    ['in the first epoch', from(0, 1e7), 0],
    ['in the third', from(10, 1e7), 2],
    ['where numbers end', from(10, Number.POSITIVE_INFINITY), 2],
    ['in the last step of all', from(19, Number.POSITIVE_INFINITY), 3],
    ['in the last step of an epoch', from(9, Number.POSITIVE_INFINITY), 1],
  ])('%s stops with the weights of the last good epoch', async (_, schedule, good) => {
    const { weights, epochs, stopped, initial } = await run({ schedule, clip: undefined })
    expect(stopped.reason).toBe('diverged')
    expect(stopped.detail).toMatch(/epoch/)
    expect(epochs.length).toBe(good)
    expect(weights).toEqual(good === 0 ? initial : (await run({ epochs: good, clip: undefined })).weights)
    expect([...weights.values()].every((values) => values.every(Number.isFinite))).toBe(true)
  })

  it('keeps its last good checkpoint', async () => {
    const checkpoint = { path: file('diverged.ckpt'), run: 'a', resume: true, everySeconds: 0 }
    await run({ schedule: from(13, Number.POSITIVE_INFINITY), clip: undefined, checkpoint })
    const mended = await run({ clip: undefined, checkpoint: { ...checkpoint, run: 'a' }, epochs: 2 })
    expect(mended.stopped.reason).toBe('finished')
    expect(mended.weights).toEqual((await run({ clip: undefined, epochs: 2 })).weights)
  })
})

describe('catastrophic overfitting', () => {
  it('is a fall of robust accuracy below the best by more than what is allowed', async () => {
    const measured = [0.1, 0.5, 0.31, 0.29]
    const steps: number[] = []
    const { weights, epochs, stopped } = await run({
      watch: {
        every: 3,
        drop: 0.2,
        measure: async () => measured[steps.push(3) - 1]!,
      },
    })
    expect(stopped.reason).toBe('catastrophic overfitting')
    expect(stopped.detail).toContain('50.0 %')
    expect(stopped.detail).toContain('29.0 %')
    expect(stopped.detail).toContain('step 12')
    expect(epochs.length).toBe(2)
    expect(weights).toEqual((await run({ epochs: 2 })).weights)
  })

  it('of the first epoch leaves the weights that the watch liked best, not those it began with', async () => {
    // Two steps lie between: what the second led to has been overwritten by then.
    const measured = [0.3, 0.5, 0.4, 0.1]
    const seen: Float32Array[] = []
    const answer = async (now: Classifier): Promise<Float32Array> => {
      const program = await now.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
      return (await program.run(1, { x: new Float32Array(now.size).fill(1) })).logits!
    }
    const request = await busyRun({
      ...base,
      watch: {
        every: 1,
        drop: 0.2,
        async measure(now) {
          seen.push(await answer(now))
          return measured[seen.length - 1]!
        },
      },
    })
    const { weights, stopped, epochs } = await train(request)
    expect(stopped.reason).toBe('catastrophic overfitting')
    expect(epochs).toEqual([])
    const shapes = request.trained.graph.initializers
    const tensors = [...weights].map(([name, data]) => [name, tensor('float32', shapes.get(name)!.dims, data)] as const)
    const back = request.model.withWeights(new Map(tensors))
    expect(await answer(back)).toEqual(seen[1])
    expect(seen[1]).not.toEqual(seen[0])
    await back.release()
    await request.model.release()
  })
})

it('a run without rows is refused before anything is compiled', async () => {
  const request = await busyRun({ store: memoryStore(new Float32Array(0), new Int32Array(0)) })
  await expect(train(request)).rejects.toMatchObject({ code: 'DATA_SHAPE_MISMATCH' })
  await request.model.release()
})
