import { describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { crossEntropy } from '../../src/onnx/losses.ts'
import type { Norm } from '../../src/threat/norm.ts'
import type { AnyParameters } from '../../src/threat/parameters.ts'
import { toInt64 } from '../../src/threat/rows.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { digits, model, stored } from '../support/fixtures.ts'

interface Case {
  readonly model: string
  readonly file: string
  readonly key: string
  readonly attack: string
  readonly norm: Norm
  readonly epsilon: number
  readonly parameters?: AnyParameters
}

const steps = (size: number): AnyParameters => ({ 'random-start': false, 'step-size': size, 'early-stop': false })
const bim = (size: number): AnyParameters => ({ 'step-size': size, 'early-stop': false })

const cnn = 'mnist-cnn.adversarial16'
const more = 'mnist-cnn.art-more16'
const at = 'mnist-cnn-at.adversarial16'
const fashion = 'fashion-resnet.adversarial16'
const cases: readonly Case[] = [
  { model: 'mnist-cnn', file: cnn, key: 'fgsm-linf-0.1', attack: 'fgsm', norm: 'linf', epsilon: 0.1 },
  { model: 'mnist-cnn', file: cnn, key: 'fgsm-linf-0.3', attack: 'fgsm', norm: 'linf', epsilon: 0.3 },
  { model: 'mnist-cnn', file: more, key: 'fgm-l2-1.5', attack: 'fgsm', norm: 'l2', epsilon: 1.5 },
  { model: 'mnist-cnn', file: more, key: 'fgm-l1-10', attack: 'fgsm', norm: 'l1', epsilon: 10 },
  {
    model: 'mnist-cnn',
    file: cnn,
    key: 'bim-linf-0.3',
    attack: 'bim',
    norm: 'linf',
    epsilon: 0.3,
    parameters: bim(0.03),
  },
  {
    model: 'mnist-cnn',
    file: cnn,
    key: 'pgd-linf-0.1',
    attack: 'pgd',
    norm: 'linf',
    epsilon: 0.1,
    parameters: steps(0.01),
  },
  {
    model: 'mnist-cnn',
    file: cnn,
    key: 'pgd-linf-0.3',
    attack: 'pgd',
    norm: 'linf',
    epsilon: 0.3,
    parameters: steps(0.01),
  },
  { model: 'mnist-cnn', file: cnn, key: 'pgd-l2-2.0', attack: 'pgd', norm: 'l2', epsilon: 2, parameters: steps(0.1) },
  { model: 'mnist-cnn-at', file: at, key: 'fgsm-linf-0.3', attack: 'fgsm', norm: 'linf', epsilon: 0.3 },
  { model: 'fashion-resnet', file: fashion, key: 'fgsm-linf-0.1', attack: 'fgsm', norm: 'linf', epsilon: 0.1 },
  { model: 'fashion-resnet', file: fashion, key: 'fgsm-linf-0.02', attack: 'fgsm', norm: 'linf', epsilon: 0.02 },
]

describe('deterministic attacks agree with the rows that ART stored', () => {
  it.each(cases)('$key on $model: 99.9 % of the elements to 1e-4', async (c) => {
    const reference = await stored(c.file)
    const classifier = await model(c.model)
    const outcome = await runAttack({
      attack: attacks.get(c.attack)!,
      model: classifier,
      x: reference.x,
      labels: reference.y,
      norm: c.norm,
      epsilon: c.epsilon,
      low: 0,
      high: 1,
      ...(c.parameters && { parameters: c.parameters }),
    })
    const theirs = reference.of(c.key)
    // ART moves rows that were misclassified from the start; there is nothing to attack in them.
    const attacked = [...outcome.adversarial.keys()].filter((i) => {
      const row = Math.floor(i / classifier.size)
      return outcome.clean[row] === reference.y[row]
    })
    const same = attacked.filter((i) => Math.abs(outcome.adversarial[i]! - theirs[i]!) <= 1e-4).length
    expect(same / attacked.length).toBeGreaterThanOrEqual(0.999)
    const [ours, arts] = [
      await lossesAt(classifier, outcome.adversarial, reference.y),
      await lossesAt(classifier, theirs, reference.y),
    ]
    const reached = (losses: Float32Array) =>
      losses.reduce((a, b, row) => a + (outcome.clean[row] === reference.y[row] ? b : 0), 0)
    expect(reached(ours)).toBeGreaterThan(0.99 * reached(arts))
    await classifier.release()
  })
})

const lossesAt = async (
  classifier: Awaited<ReturnType<typeof model>>,
  x: Float32Array,
  y: Int32Array,
): Promise<Float32Array> => {
  const program = await classifier.program({
    key: 'loss',
    inputs: { labels: { dtype: 'int64', dims: [] } },
    build: ({ g, logits, input }) => ({ loss: crossEntropy(g, logits, input('labels')) }),
  })
  return (await program.run(y.length, { x, labels: toInt64(y) })).loss!
}

describe('robust accuracy of whole runs', () => {
  // ART on the same 256 rows; the deterministic attacks must give the same count.
  it.each([
    { attack: 'fgsm', epsilon: 0.1, parameters: {}, robust: 0.8125 },
    { attack: 'fgsm', epsilon: 0.3, parameters: {}, robust: 0.0352 },
    { attack: 'pgd', epsilon: 0.1, parameters: steps(0.01), robust: 0.6445 },
  ])('$attack at $epsilon equals the reference', async ({ attack, epsilon, parameters, robust }) => {
    const { x, y } = await digits(256)
    const classifier = await model('mnist-cnn')
    const outcome = await runAttack({
      attack: attacks.get(attack)!,
      model: classifier,
      x,
      labels: y,
      norm: 'linf',
      epsilon,
      low: 0,
      high: 1,
      parameters,
    })
    const right = [...y.keys()].filter((row) => outcome.clean[row] === y[row] && !outcome.broken[row]).length
    expect(right / 256).toBeCloseTo(robust, 3)
    expect(outcome.refused).toEqual([])
    await classifier.release()
  })

  it('a random start and early stop are at least as strong', async () => {
    const { x, y } = await digits(256)
    const classifier = await model('mnist-cnn')
    const outcome = await runAttack({
      attack: attacks.get('pgd')!,
      model: classifier,
      x,
      labels: y,
      norm: 'linf',
      epsilon: 0.1,
      low: 0,
      high: 1,
      parameters: { 'step-size': 0.01 },
    })
    const robust = [...y.keys()].filter((row) => outcome.clean[row] === y[row] && !outcome.broken[row]).length / 256
    // One standard error of the reference's 0.6445 on 256 rows is 0.03.
    expect(robust).toBeLessThanOrEqual(0.6445 + 0.03)
    await classifier.release()
  })
})
