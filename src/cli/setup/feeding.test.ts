import { beforeAll, describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { scratch } from '../../base/testing.ts'
import { openData, writeNpy } from '../../data/index.ts'
import { classifierFrom } from '../../models/classifier.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'
import { bestFeeding, feedings } from './feeding.ts'
import { spreadOf } from './spread.ts'

/** Images of one brightness: class 1 where that, as the model gets it, is above a threshold. */
const brighterThan = (threshold: number, channels: number) => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', channels, 4, 4])
  const brightness = g.sub(g.reduceMean(x, [1, 2, 3]), threshold)
  g.output('logits', g.concat([g.unsqueeze(g.neg(brightness), [1]), g.unsqueeze(brightness, [1])], 1))
  return classifierFrom(modelOf(g.build(['logits'])), { path: 'm.onnx', sha256: '' })
}

const rows = 200
const random = stream('feeding')
const brightness = Array.from({ length: rows }, () => random.integer(256))

const at = scratch()
beforeAll(async () => {
  const label = (threshold: number) => Uint8Array.from(brightness, (value) => (value > threshold ? 1 : 0))
  for (const channels of [1, 3]) {
    const size = channels * 16
    const data = Uint8Array.from({ length: rows * size }, (_, i) => brightness[Math.floor(i / size)]!)
    await writeNpy(at(`x${channels}.npy`), { dtype: 'uint8', shape: [rows, channels, 4, 4], data })
  }
  await writeNpy(at('y.npy'), { dtype: 'uint8', shape: [rows], data: label(127) })
})

const bestFor = async (threshold: number, channels = 1) => {
  const model = await brighterThan(threshold, channels)
  const set = await openData({ path: at(`x${channels}.npy`), labels: at('y.npy') })
  try {
    const { best } = await bestFeeding(model, set, feedings(model.input.dims, await spreadOf(set)))
    return best
  } finally {
    await set.close()
    await model.release()
  }
}

describe('bestFeeding', () => {
  it('divides bytes by 255 for a model of 0 to 1', async () => {
    expect(await bestFor(127.5 / 255)).toMatchObject({ scale: 1 / 255, accuracy: 1 })
  })

  it('leaves bytes alone for a model of bytes', async () => {
    expect(await bestFor(127.5)).toMatchObject({ scale: 1, accuracy: 1 })
  })

  it('finds a normalisation', async () => {
    expect(await bestFor(0)).toMatchObject({ mean: [0.5], std: [0.5], accuracy: 1 })
  })

  it('finds one a channel', async () => {
    const mean = [0.485, 0.456, 0.406].reduce((sum, value, i) => sum + (0.5 - value) / [0.229, 0.224, 0.225][i]!, 0) / 3
    expect(await bestFor(mean, 3)).toMatchObject({ mean: [0.485, 0.456, 0.406], accuracy: 1 })
  })
})
