import { describe, expect, it } from 'vitest'
import { contextOf, harden, pictures } from '../testing.ts'
import { drawnRows, robustValidation } from './validation.ts'

const recipe = { epochs: 5, batch: 16, 'learning-rate': 0.1 } as const
const epsilon = 0.15

const robustAccuracy = async (id: string): Promise<number> => {
  const context = contextOf({ training: pictures(192, 'training'), context: { epsilon } })
  const { model, stopped } = await harden(id, context, recipe)
  expect(stopped?.reason).toBe('finished')
  const opened = await context.open(model)
  const result = await robustValidation(context, 20)(opened, await drawnRows(context.validation, 60, 0))
  await opened.release()
  expect(result.accuracy).toBeGreaterThan(0.9)
  return result.robustAccuracy
}

describe('training against attacks', () => {
  it.each(['adversarial-training', 'trades', 'fast-adversarial-training'])(
    '%s withstands more than standard training does',
    async (id) => {
      expect(await robustAccuracy(id)).toBeGreaterThan((await robustAccuracy('standard')) + 0.1)
    },
  )

  it('says where the attack that it trains with does not work', async () => {
    const context = contextOf({ context: { norm: 'l0' } })
    for (const id of ['adversarial-training', 'trades', 'fast-adversarial-training'])
      await expect(harden(id, context, recipe)).rejects.toMatchObject({ code: 'ATTACK_NOT_APPLICABLE' })
  })
})
