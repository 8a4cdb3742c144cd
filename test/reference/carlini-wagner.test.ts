import { afterAll, describe, expect, it } from 'vitest'
import { cwL2 } from '../../src/attacks/evasion/minimal/cw-l2.ts'
import { cwLinf } from '../../src/attacks/evasion/minimal/cw-linf.ts'
import { ead } from '../../src/attacks/evasion/minimal/ead.ts'
import { jsma } from '../../src/attacks/evasion/minimal/jsma.ts'
import { median } from '../../src/stats/index.ts'
import type { AnyAttack } from '../../src/threat/attack.ts'
import type { Norm } from '../../src/threat/norm.ts'
import type { AnyParameters } from '../../src/threat/parameters.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { digits, model, stored } from '../support/fixtures.ts'

interface Reach {
  /** Rows broken, of those classified right. */
  readonly broken: number
  readonly right: number
  /** Median over the rows broken. */
  readonly median: number
  /** Gradients a row. */
  readonly gradients: number
}

const names = ['mnist-cnn', 'mnist-cnn-at', 'fashion-resnet'] as const
const models = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await model(name)] as const)))
afterAll(async () => {
  for (const classifier of Object.values(models)) await classifier.release()
})

const rowsOf = async (name: string, rows: number): Promise<{ x: Float32Array; y: Int32Array }> => {
  if (name !== 'fashion-resnet') return digits(rows)
  const { x, y } = await stored('fashion-resnet.adversarial16')
  return { x: x.slice(0, rows * 784), y: y.slice(0, rows) }
}

/** The attack on the first rows, with a budget that every change is within. */
const reach = async (
  attack: AnyAttack,
  name: string,
  rows: number,
  norm: Norm,
  parameters?: AnyParameters,
): Promise<Reach> => {
  const { x, y } = await rowsOf(name, rows)
  const request = { attack, model: models[name]!, x, labels: y, norm, epsilon: 1e4, low: 0, high: 1 }
  const { broken, distances, right, queries } = await runAttack({ ...request, ...(parameters && { parameters }) })
  const attacked = right.filter(Boolean).length
  return {
    broken: broken.filter(Boolean).length,
    right: attacked,
    median: median([...distances].filter((_, row) => broken[row])),
    gradients: queries.gradient / attacked,
  }
}

describe('Carlini and Wagner, at no more gradients than the tools that it is compared with', () => {
  // foolbox 3.3.4, 6 searches of 200 steps, on the same first rows: 1,200 gradients a row; 1,061 on mnist-cnn-at.
  it.each([
    { name: 'mnist-cnn', rows: 8, theirs: 1.5131, gradients: 1200 },
    ...(process.env.LONG
      ? [
          { name: 'mnist-cnn', rows: 32, theirs: 1.5694, gradients: 1200 },
          { name: 'mnist-cnn-at', rows: 32, theirs: 2.4803, gradients: 1061 },
        ]
      : []),
  ])('L2 on $rows rows of $name: nearer than foolbox', async ({ name, rows, theirs, gradients }) => {
    const found = await reach(cwL2, name, rows, 'l2')
    expect(found.broken).toBe(found.right)
    expect(found.median).toBeLessThanOrEqual(theirs)
    expect(found.gradients).toBeLessThanOrEqual(gradients)
  })

  it('L2 on fashion-resnet: nearer than the 0.665 that ART needs 6,840 gradients for', async () => {
    const found = await reach(cwL2, 'fashion-resnet', process.env.LONG ? 16 : 6, 'l2', { 'binary-search-steps': 4 })
    expect(found.broken).toBe(found.right)
    expect(found.median).toBeLessThanOrEqual(0.6648)
    expect(found.gradients).toBeLessThanOrEqual(800)
  })

  // No tool stored this attack; foolbox's DeepFool in Linf did, on the same rows.
  it('Linf on mnist-cnn: nearer than DeepFool', async () => {
    const found = await reach(cwLinf, 'mnist-cnn', 8, 'linf')
    expect(found.broken).toBe(found.right)
    expect(found.median).toBeLessThanOrEqual(0.9 * 0.14067)
  })
})

describe('the elastic net', () => {
  // foolbox 3.3.4, 4 searches of 100 steps, on the same 16 rows: 114 and 104 gradients a row.
  const cases: readonly { name: string; theirs: number; gradients: number; parameters: AnyParameters }[] = [
    { name: 'mnist-cnn', theirs: 11.8722, gradients: 114, parameters: { steps: 38 } },
    { name: 'mnist-cnn-at', theirs: 25.7951, gradients: 104, parameters: { steps: 34 } },
  ]

  it.each(cases)('takes less L1 than foolbox on $name', async ({ name, theirs, gradients, parameters }) => {
    const found = await reach(ead, name, 16, 'l1', parameters)
    expect(found.broken).toBe(16)
    expect(found.median).toBeLessThanOrEqual(theirs)
    expect(found.gradients).toBeLessThanOrEqual(gradients)
  })

  // ART 1.20.1, deciding by L1 with 3 searches of 50 steps, on the same 8 rows: 300 forward passes with gradients a row.
  it('takes less L1 than ART', async () => {
    const found = await reach(ead, 'mnist-cnn', 8, 'l1')
    expect(found.broken).toBe(8)
    expect(found.median).toBeLessThanOrEqual(6.9683)
    expect(found.gradients).toBe(300)
  })

  it('is the same as foolbox with its decision and its parameters', async () => {
    const { x, y } = await digits(16)
    const outcome = await runAttack({
      attack: ead,
      model: models['mnist-cnn']!,
      x,
      labels: y,
      norm: 'l2',
      epsilon: 100,
      low: 0,
      high: 1,
      parameters: {
        decision: 'elastic-net',
        'binary-search-steps': 4,
        'initial-constant': 0.1,
        'learning-rate': 0.01,
        'abort-early': true,
      },
    })
    expect(outcome.broken.every(Boolean)).toBe(true)
    const l2 = [...outcome.distances]
    expect(median(l2)).toBeCloseTo(1.6256, 3)
    expect(l2.reduce((sum, size) => sum + size, 0) / 16).toBeCloseTo(1.687, 3)
  })
})

describe('the saliency map', () => {
  // ART 1.20.1, theta 1, gamma 0.15, random targets: 16 of 16 rows with 38 pixels, 9 of 16 with 102.
  it.each([
    { name: 'mnist-cnn', theirs: 38, gradients: 131 },
    { name: 'mnist-cnn-at', theirs: 102, gradients: 414 },
  ])('breaks every row of $name with fewer pixels than ART', async ({ name, theirs, gradients }) => {
    const found = await reach(jsma, name, 16, 'l0')
    expect(found.broken).toBe(16)
    expect(found.median).toBeLessThanOrEqual(theirs)
    expect(found.gradients).toBeLessThanOrEqual(gradients)
  })
})
