import { describe, expect, it } from 'vitest'
import { adam, sgd } from '../onnx/optimisers.ts'
import type { Arrays } from './gradient-step.ts'
import { openedWeights } from './gradient-step.ts'
import { standard } from './objective.ts'
import { busyRun, normals, toyStore, trainee } from './testing.ts'
import { type TrainOutcome, type TrainProgress, type TrainRequest, train } from './train.ts'

const flat = (weights: Arrays): number[] => [...weights.values()].flatMap((values) => [...values])
const distance = (a: Arrays, b: Arrays): number => {
  const [x, y] = [flat(a), flat(b)]
  return Math.hypot(...x.map((value, i) => value - y[i]!)) / Math.hypot(...y)
}

/** A run of its own network. */
const trained = async (options: Partial<TrainRequest> = {}): Promise<TrainOutcome> => {
  const request = await busyRun(options)
  const outcome = await train(request)
  await request.model.release()
  return outcome
}

describe('training', () => {
  it('tells classes apart that are apart', async () => {
    const { model, trained } = await trainee('dense 8, relu, dense classes', [4])
    const heard: TrainProgress[] = []
    const outcome = await train({
      ...(await busyRun()),
      model,
      trained,
      store: toyStore([4], 96),
      objective: standard(),
      optimiser: adam(),
      schedule: (step) => 0.02 / (1 + step),
      epochs: 6,
      batch: 20,
      augment: undefined,
      classWeights: undefined,
      progress: (progress) => heard.push(progress),
    })
    await model.release()
    expect(outcome.stopped).toEqual({ reason: 'finished', detail: 'all 6 epochs' })
    const losses = outcome.epochs.map(({ loss }) => loss)
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
    expect(outcome.epochs.map(({ epoch, best }) => [epoch, best])).toEqual([1, 2, 3, 4, 5, 6].map((n) => [n, true]))
    expect(outcome.epochs.map(({ rate }) => rate)).toEqual([5, 10, 15, 20, 25, 30].map((steps) => 0.02 / steps))
    expect(heard.map(({ epoch, step }) => [epoch, step])).toEqual(
      Array.from({ length: 30 }, (_, i) => [Math.floor(i / 5) + 1, (i % 5) + 1]),
    )
    const { loss, accuracy } = outcome.epochs[5]!
    expect(heard.at(-1)).toEqual({ epoch: 6, epochs: 6, step: 5, steps: 5, loss, accuracy })
  })

  it('reaches every row right where nothing disturbs it', async () => {
    const { model, trained } = await trainee('dense 8, relu, dense classes', [20])
    const quiet = { augment: undefined, classWeights: undefined, epochs: 12, objective: standard() }
    const outcome = await train({ ...(await busyRun(quiet)), model, trained, store: toyStore([20], 60) })
    await model.release()
    expect(outcome.epochs.at(-1)!.accuracy).toBe(1)
  })

  it('means what it says of an epoch: the mean over its rows', async () => {
    const { model, trained } = await trainee('dense classes', [4])
    const request = await busyRun({ augment: undefined, classWeights: undefined, objective: standard() })
    const still = {
      ...request,
      model,
      trained,
      store: toyStore([4], 50),
      optimiser: sgd(),
      schedule: () => 0,
      epochs: 1,
    }
    const inTwelves = await train(still)
    const atOnce = await train({ ...still, batch: 50 })
    expect(inTwelves.epochs[0]!.loss).toBeCloseTo(atOnce.epochs[0]!.loss, 6)
    expect(inTwelves.epochs[0]!.accuracy).toBe(atOnce.epochs[0]!.accuracy)
    await model.release()
  })
})

describe('the seed', () => {
  it('decides the weights, to the bit', async () => {
    const [first, again, other] = [await trained(), await trained(), await trained({ seed: 6 })]
    expect(again).toEqual(first)
    expect(distance(other.weights, first.weights)).toBeGreaterThan(1e-3)
    expect(first.weights.has('bn1.running_mean')).toBe(true)
  })

  it('decides them within rounding on two threads', async () => {
    const dims = [8, 16, 16]
    const { model, trained } = await trainee('conv 16 3, relu, maxpool 2, dense 32, relu, dense classes', dims)
    const request = { ...(await busyRun({ augment: undefined })), model, trained, store: toyStore(dims, 48), epochs: 2 }
    const [one, two] = [await train(request), await train({ ...request, threads: 2 })]
    expect(distance(two.weights, one.weights)).toBeLessThan(1e-5)
    await model.release()
  })
})

describe('class weights', () => {
  const dims = [1, 5, 5]

  it('of 1 change nothing', async () => {
    const [without, ones] = [
      await trained({ classWeights: undefined }),
      await trained({ classWeights: Float32Array.of(1, 1, 1) }),
    ]
    expect(ones).toEqual(without)
  })

  it('of 0 leave a class out', async () => {
    const plain = toyStore(dims, 50)
    const changed = {
      ...plain,
      async gather(at: Int32Array, into: Float32Array) {
        await plain.gather(at, into)
        for (const [i, row] of at.entries()) if (row % 3 === 1) into.set(normals(25, 'elsewhere', row), i * 25)
      },
    }
    // Batch statistics would see the rows: without them.
    const net = await trainee('conv 4 3, relu, dense classes', dims)
    const runs = []
    for (const classWeights of [Float32Array.of(1, 0, 2), Float32Array.of(1, 1, 2)])
      for (const store of [plain, changed])
        runs.push(await train({ ...(await busyRun()), ...net, store, classWeights }))
    expect(distance(runs[1]!.weights, runs[0]!.weights)).toBeLessThan(1e-5)
    expect(distance(runs[3]!.weights, runs[2]!.weights)).toBeGreaterThan(1e-3)
    await net.model.release()
  })
})

describe('clipping', () => {
  it('bounds how far a step moves the weights', async () => {
    const net = await trainee('conv 4 3, relu, dense classes', [1, 5, 5])
    const one = { store: toyStore([1, 5, 5], 50), batch: 50, epochs: 1 }
    const request = { ...(await busyRun({ ...one, optimiser: sgd(), schedule: () => 0.5 })), ...net }
    const moved = async (clip: number | undefined) => {
      const { weights } = await train({ ...request, clip })
      const before = flat(openedWeights(net.trained))
      return Math.hypot(...flat(weights).map((value, i) => value - before[i]!))
    }
    const free = await moved(undefined)
    expect(free).toBeGreaterThan(0.01)
    expect(await moved(0.01)).toBeCloseTo(0.005, 5)
    expect(await moved(100)).toBeCloseTo(free, 6)
    await net.model.release()
  })
})

describe('an objective that prepares its batches', () => {
  it('is trained on what it made, with the inputs that it gave, against the network as it is', async () => {
    const net = await trainee('dense classes', [4])
    const seen: number[] = []
    const request = {
      ...(await busyRun({ augment: undefined, classWeights: undefined })),
      ...net,
      store: toyStore([4], 24),
    }
    const outcome = await train({
      ...request,
      epochs: 2,
      batch: 24,
      objective: {
        key: 'prepared',
        inputs: { aim: { dtype: 'float32', dims: [3] } },
        // Half the squared distance of the logits from the aim.
        loss: ({ g, logits, input }) => g.mul(g.reduceSum(g.square(g.sub(logits, input('aim'))), [1]), 0.5),
        async prepare({ rows, labels }, now) {
          const program = await now.program({ key: 'logits', inputs: {}, build: ({ logits }) => ({ logits }) })
          const { logits } = await program.run(1, { x: new Float32Array(4) })
          seen.push(logits![0]!)
          expect(labels.length).toBe(rows)
          return { x: new Float32Array(rows * 4), inputs: { aim: new Float32Array(rows * 3).fill(7) } }
        },
      },
      optimiser: sgd(),
      schedule: () => 0.25,
      clip: undefined,
    })
    // On rows of zeros only the bias learns: a quarter of the way each step.
    const bias = openedWeights(net.trained).get('fc1.bias')!
    expect(seen).toEqual([expect.closeTo(bias[0]!, 6), expect.closeTo(bias[0]! + (7 - bias[0]!) / 4, 5)])
    expect(outcome.weights.get('fc1.weight')).toEqual(openedWeights(net.trained).get('fc1.weight'))
    for (const [i, value] of outcome.weights.get('fc1.bias')!.entries())
      expect(value).toBeCloseTo(7 - (7 - bias[i]!) * 0.75 ** 2, 5)
    await net.model.release()
  })
})
