import { describe, expect, it } from 'vitest'
import { smoothingMetadata } from '../smoothing/metadata.ts'
import { contextOf, harden, pictures, quick } from '../testing.ts'
import { weightsOf } from './testing.ts'

describe('noise training', () => {
  it('writes what the certificate needs into the file', async () => {
    const { model } = await harden('noise-training', contextOf(), { ...quick, sigma: 0.5, n: 1000 })
    expect(smoothingMetadata(model)).toEqual({ sigma: 0.5, n0: 100, n: 1000, alpha: 0.001 })
  })

  it('validates under the noise: what drowns in it is not recognised', async () => {
    const accuracy = async (sigma: number): Promise<number> => {
      const context = contextOf({ training: pictures(192, 'training') })
      const recipe = { epochs: 4, batch: 16, 'learning-rate': 0.1, sigma }
      const { epochs } = await harden('noise-training', context, recipe)
      return epochs.at(-1)!.validation!.accuracy
    }
    expect(await accuracy(0.1)).toBeGreaterThan(0.95)
    expect(await accuracy(30)).toBeLessThan(0.6)
  })

  it('with next to no noise is standard training', async () => {
    const context = contextOf()
    const plain = weightsOf((await harden('standard', context, quick)).model)
    const { model } = await harden('noise-training', context, { ...quick, sigma: 1e-6 })
    for (const [name, values] of weightsOf(model))
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(plain.get(name)![i]!, 3)
  })
})
