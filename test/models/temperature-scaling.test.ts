import { describe, expect, it } from 'vitest'
import { argmaxRows } from '../../src/base/argmax.ts'
import { temperatureScaling, withTemperature } from '../../src/defenses/temperature/index.ts'
import { classifierFrom } from '../../src/models/classifier.ts'
import { readModel } from '../../src/onnx/read.ts'
import { writeModel } from '../../src/onnx/write.ts'
import { calibrationOf } from '../../src/stats/calibration.ts'
import { targetOf } from '../../src/threat/target.ts'
import { digits, model, stored } from '../support/fixtures.ts'

it('an overfitted net becomes believable on rows that the temperature was not fitted on, and decides the same', async () => {
  const net = await model('mnist-overfit')
  const { x, y } = await digits(512)
  const half = 256
  const [fitted, held] = [x.subarray(0, half * net.size), x.subarray(half * net.size)]
  const result = await temperatureScaling(net, { x: fitted, labels: y.slice(0, half) })
  expect(result.temperature.low).toBeGreaterThan(1)
  const scaled = await classifierFrom(readModel(writeModel(result.model)), { path: 'scaled.onnx', sha256: '' })
  const [before, after] = await Promise.all(
    [net, scaled].map((classifier) => targetOf(classifier, 'scores').logits(held, half)),
  )
  expect(argmaxRows(after!, 10)).toEqual(argmaxRows(before!, 10))
  const labels = y.slice(half)
  const was = calibrationOf({ logits: before!, labels, classes: 10 })
  const is = calibrationOf({ logits: after!, labels, classes: 10 })
  expect(is.accuracy).toEqual(was.accuracy)
  expect(is.logLoss.value).toBeLessThan(was.logLoss.value)
  expect(is.expectedError.value).toBeLessThan(was.expectedError.value)
  await Promise.all([net.release(), scaled.release()])
})

describe('stored models', () => {
  it.each([
    ['mnist-cnn', 'mnist-cnn.gradients'],
    ['fashion-resnet-bn', undefined],
    ['seq-lstm', 'seq-lstm.gradients'],
    ['seq-transformer', 'seq-transformer.gradients'],
    ['breast-cancer-mlp', 'breast-cancer-mlp.gradients'],
    ['breast-cancer-forest', 'breast-cancer-mlp.gradients'],
    ['breast-cancer-gbdt', 'breast-cancer-mlp.gradients'],
    ['breast-cancer-logreg', 'breast-cancer-mlp.gradients'],
  ])('%s decides the same at every temperature', async (name, results) => {
    const { x, y } = await stored(results ?? 'fashion-resnet.gradients')
    const before = await model(name)
    const logits = await targetOf(before, 'scores').logits(x, y.length)
    for (const temperature of [0.25, 3]) {
      const file = writeModel(withTemperature(before.source, before.output, temperature))
      const after = await classifierFrom(readModel(file), { path: name, sha256: '' })
      const divided = await targetOf(after, 'scores').logits(x, y.length)
      expect(argmaxRows(divided, after.classes)).toEqual(argmaxRows(logits, before.classes))
      const gap = (values: Float32Array) => values[0]! - values[1]!
      expect((gap(divided) * temperature) / gap(logits)).toBeCloseTo(1, 3)
      await after.release()
    }
    await before.release()
  })
})
