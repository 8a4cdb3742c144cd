import { describe, expect, it } from 'vitest'
import type { Preprocessing } from '../../models/head.ts'
import { readModel } from '../../onnx/read.ts'
import { createSession } from '../../onnx/session.ts'
import type { Model } from '../../onnx/types.ts'
import { writeModel } from '../../onnx/write.ts'
import { resolveParameters } from '../../threat/parameters.ts'
import { detectorScores } from '../../threat/scores.ts'
import { detectorIn, detectors, withDetector } from './index.ts'
import { classifierOf, contextOf, dims, pictures, size, source } from './testing.ts'

const rows = pictures(12, 'test')
const training = pictures(40, 'training')

const deployed = async (id: string, preprocessing?: Preprocessing) => {
  const model = await classifierOf(source(), preprocessing)
  const definition = detectors.get(id)!
  const detector = await definition.fit(
    contextOf(model, training),
    resolveParameters(id, definition.parameters, id === 'nearest-neighbours' ? { k: 4 } : {}),
  )
  const scores = await detectorScores(model, detector, rows.x, 12)
  const file = writeModel(withDetector(source(), { detector, id, threshold: 0.1875, dims, preprocessing }))
  return { scores, detector, file, model: readModel(file) }
}

/** What a runtime that knows nothing of Bartizan makes of a file. */
const outputsOf = async (file: Uint8Array, x: Float32Array) => {
  const session = await createSession(file)
  const outputs = await session.run({ x: { dtype: 'float32', dims: [x.length / size, ...dims], data: x } })
  await session.release()
  return outputs
}

describe.each([...detectors.keys()])('a file with %s', (id) => {
  it('gives the score beside the same logits, for any number of rows', async () => {
    const { file, scores } = await deployed(id)
    const before = await outputsOf(writeModel(source()), rows.x)
    const after = await outputsOf(file, rows.x)
    expect(Object.keys(after)).toEqual(['logits', 'detector_score'])
    expect(after.logits).toEqual(before.logits)
    expect(after.detector_score!.dims).toEqual([12])
    for (const [row, score] of scores.entries()) expect(after.detector_score!.data[row]).toBeCloseTo(score, 5)
    expect((await outputsOf(file, rows.x.slice(0, size))).detector_score!.dims).toEqual([1])
  })

  it('says which detector it has, and is a classifier as before', async () => {
    const { model, scores } = await deployed(id)
    expect(model.metadata).toMatchObject({
      author: 'somebody',
      'bartizan.detector.id': id,
      'bartizan.detector.threshold': '0.1875',
    })
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['x'])
    const found = detectorIn(model)
    expect(found).toMatchObject({ id, threshold: 0.1875 })
    const reopened = await classifierOf(model)
    expect(reopened.output.name).toBe('logits')
    const again = await detectorScores(reopened, found!.detector, rows.x, 12)
    for (const [row, score] of scores.entries()) expect(again[row]).toBeCloseTo(score, 5)
  })

  it('takes preprocessed rows where the original did', async () => {
    const { file, scores } = await deployed(id, { scale: 2, mean: [0.5], std: [0.25] })
    const fed = rows.x.map((value) => (2 * value - 0.5) / 0.25)
    const { detector_score } = await outputsOf(file, fed)
    for (const [row, score] of scores.entries()) expect(detector_score!.data[row]).toBeCloseTo(score, 3)
  })
})

describe('a second detector', () => {
  it('is refused', async () => {
    const { model, detector } = await deployed('energy')
    expect(() => withDetector(model, { detector, id: 'energy', threshold: 0, dims })).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    )
  })
})

describe('what is no detector', () => {
  it.each([
    ['a plain model', source()],
    [
      'metadata without a score',
      { ...source(), metadata: { 'bartizan.detector.id': 'x', 'bartizan.detector.threshold': '1' } },
    ],
  ] satisfies readonly (readonly [string, Model])[])('%s', (_, model) => {
    expect(detectorIn(model)).toBeUndefined()
  })
})
