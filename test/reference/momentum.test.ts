import { describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { digits, model, stored } from '../support/fixtures.ts'

// What ART's MomentumIterativeMethod was given: eps 0.1, eps_step 0.01, decay 1, 20 iterations.
const asArt = {
  attack: attacks.get('mi-fgsm')!,
  norm: 'linf',
  epsilon: 0.1,
  low: 0,
  high: 1,
  parameters: { steps: 20, 'step-size': 0.01, 'early-stop': false },
} as const

describe('MI-FGSM without diversity and smoothing', () => {
  it('gives the rows that ART stored, 99.9 % of their elements to 1e-4', async () => {
    const { x, y, of } = await stored('mnist-cnn.art-more16')
    const classifier = await model('mnist-cnn')
    const { adversarial } = await runAttack({ ...asArt, model: classifier, x, labels: y })
    const theirs = of('mim-linf-0.1')
    const same = adversarial.filter((value, i) => Math.abs(value - theirs[i]!) <= 1e-4).length
    expect(same / theirs.length).toBeGreaterThanOrEqual(0.999)
    await classifier.release()
  })

  it('leaves as many of 256 rows right as ART, at as many gradients', async () => {
    const { x, y } = await digits(256)
    const classifier = await model('mnist-cnn')
    const { clean, broken, refused, queries } = await runAttack({ ...asArt, model: classifier, x, labels: y })
    const attacked = [...y.keys()].filter((row) => clean[row] === y[row])
    expect(attacked.filter((row) => !broken[row]).length / 256).toBeCloseTo(0.6836, 3)
    expect(refused).toEqual([])
    expect(queries.gradient).toBe(20 * attacked.length)
    await classifier.release()
  })
})
