import { describe, expect, it } from 'vitest'
import { openClassifier } from '../../../models/classifier.ts'
import { runAttack } from '../../../threat/runner.ts'
import { mnistRows, predictedRows, randomNet, rawCandidates } from '../../testing.ts'
import { miFgsm } from '../gradient/mi-fgsm.ts'
import { transfer } from './transfer.ts'

const net = (name: string) =>
  openClassifier(new URL(`../../../../test/fixtures/models/${name}.onnx`, import.meta.url).pathname)

describe('on digits', async () => {
  const rows = await mnistRows(32)
  const [overfit, backdoor] = [await net('mnist-overfit'), await net('mnist-backdoor')]
  const request = { attack: transfer, ...rows, norm: 'linf', epsilon: 0.3, low: 0, high: 1 } as const
  const brokenBy = async (surrogates: readonly (typeof overfit)[], parameters = {}) => {
    const { broken, queries, refused } = await runAttack({ ...request, surrogates, parameters })
    expect(queries).toEqual({ forward: 0, gradient: 0 })
    expect(refused).toEqual([])
    return broken.filter(Boolean).length
  }

  it('breaks rows of a model that it never asked', async () => {
    expect(await brokenBy([backdoor])).toBeGreaterThan(24)
  })

  it('makes of one surrogate and of an ensemble different rows', async () => {
    const alone = await brokenBy([overfit])
    expect(await brokenBy([overfit, backdoor])).toBeGreaterThan(alone)
    expect(await brokenBy([overfit, backdoor], { ensemble: 'losses' })).toBeGreaterThan(alone)
  })
})

describe('on a small net', async () => {
  const own = await randomNet([1, 5, 6], 4, 8)
  const rows = { ...(await predictedRows(own, 5)), surrogates: [own] }
  const parameters = { steps: 5, diversity: 0 }
  const setting = { norm: 'linf', epsilon: 0.1, parameters } as const

  it('is MI-FGSM where the surrogate is the model itself', async () => {
    const white = { ...setting, parameters: { ...parameters, 'early-stop': false } }
    const { candidates } = await rawCandidates(miFgsm, rows, white)
    expect((await rawCandidates(transfer, rows, setting)).candidates).toEqual(candidates)
  })

  it.each(['logits', 'losses'])(
    'makes of twice the same surrogate what it makes of one, averaging %s',
    async (ensemble) => {
      const twice = { ...rows, surrogates: [own, own] }
      const alone = (await rawCandidates(transfer, rows, setting)).candidates
      const both = (await rawCandidates(transfer, twice, { ...setting, parameters: { ...parameters, ensemble } }))
        .candidates
      for (const [i, value] of both.entries()) expect(Math.abs(value - alone[i]!)).toBeLessThan(1e-5)
    },
  )

  it('takes surrogates that hold the same values in another shape', async () => {
    const flat = { ...rows, surrogates: [await randomNet([30], 4, 8)] }
    const shrunk = { ...setting, parameters: { ...parameters, diversity: 1, kernel: 3 } }
    const made = (await rawCandidates(transfer, flat, shrunk)).candidates
    expect(made).toEqual((await rawCandidates(transfer, rows, shrunk)).candidates)
  })

  it('says that it needs a surrogate where there is none', async () => {
    const { surrogates: _, ...alone } = rows
    await expect(
      runAttack({ attack: transfer, ...alone, norm: 'linf', epsilon: 0.1, low: 0, high: 1 }),
    ).rejects.toMatchObject({ code: 'ATTACK_NOT_APPLICABLE' })
  })
})
