import { describe, expect, it } from 'vitest'
import { graphBuilder, modelOf, readModel, writeModel } from '../../onnx/index.ts'
import { smoothingMetadata, withSmoothingMetadata } from './metadata.ts'

const model = () => {
  const g = graphBuilder()
  g.output('y', g.neg(g.input('x', 'float32', ['n', 2])))
  return { ...modelOf(g.build()), metadata: { author: 'somebody' } }
}
const parameters = { sigma: 0.1 + 0.2, n0: 100, n: 100_000, alpha: 1e-3 }

describe('smoothing metadata', () => {
  it('survive the file, beside what was there', () => {
    const { metadata, ...read } = readModel(writeModel(withSmoothingMetadata(model(), parameters)))
    expect(smoothingMetadata({ metadata })).toEqual(parameters)
    expect(metadata).toMatchObject({ author: 'somebody', 'bartizan.smoothing.n': '100000' })
    expect(read.graph).toEqual(readModel(writeModel(model())).graph)
  })

  it('are undefined for a model that mentions none', () => {
    expect(smoothingMetadata(model())).toBeUndefined()
  })

  it.each([
    ['sigma', '-1'],
    ['sigma', ''],
    ['n', 'many'],
    ['n', '1.5'],
    ['alpha', '2'],
    ['n0', undefined],
  ])('MODEL_CORRUPT where %s is %o', (name, value) => {
    const { metadata } = withSmoothingMetadata(model(), parameters)
    const rest = Object.entries(metadata).filter(([key]) => key !== `bartizan.smoothing.${name}`)
    const broken = Object.fromEntries(value === undefined ? rest : [...rest, [`bartizan.smoothing.${name}`, value]])
    expect(() => smoothingMetadata({ metadata: broken })).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }))
  })

  it('are not written without meaning', () => {
    const attempt = () => withSmoothingMetadata(model(), { ...parameters, sigma: 0 })
    expect(attempt).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})
