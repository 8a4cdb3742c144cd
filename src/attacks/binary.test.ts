import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { type Classifier, type ClassifierOptions, classifierFrom } from '../models/classifier.ts'
import { graphBuilder } from '../onnx/builder.ts'
import { modelOf } from '../onnx/session.ts'
import { misfit } from '../threat/domain.ts'
import { isNorm, type Norm } from '../threat/norm.ts'
import type { AnyParameters } from '../threat/parameters.ts'
import { runAttack } from '../threat/runner.ts'
import { targetOf } from '../threat/target.ts'
import { attacks } from './index.ts'

/**
 * One net that scores the second of two classes, in the forms that such models are exported in: both logits, one logit,
 * one probability behind a sigmoid, and one probability of which nobody sees where it comes from.
 */
const size = 5
const hidden = 6
const netOf = async (form: 'two logits' | 'one logit' | 'one probability', options: ClassifierOptions = {}) => {
  const random = stream('binary net')
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', size])
  const normals = (dims: readonly number[]) =>
    g.constant(
      'float32',
      dims,
      Array.from({ length: dims.reduce((a, b) => a * b) }, () => random.normal()),
    )
  // Odd around the middle of the range: both classes are there, and each can be reached from the other.
  const inner = g.tanh(g.op('Gemm', [g.sub(x, 0.5), normals([hidden, size])], { transB: 1 }))
  const score = g.op('Gemm', [inner, normals([1, hidden])], { transB: 1 })
  const out = {
    'two logits': () => g.concat([g.mul(score, 0), score], 1),
    'one logit': () => score,
    'one probability': () => g.sigmoid(score),
  }
  g.output('y', out[form]())
  return classifierFrom(modelOf(g.build(['y'])), { ...options, path: `${form}.onnx`, sha256: '' })
}

const two = await netOf('two logits')
const one = [await netOf('one logit'), await netOf('one probability')]
const opaque = await netOf('one probability', { output: 'probabilities' })
const rows = 4
const random = stream('binary rows')
const x = Float32Array.from({ length: rows * size }, () => 0.2 + 0.6 * random.uniform())
const labels = await targetOf(two, 'scores').predict(x, rows)

const quick: AnyParameters = { steps: 6, restarts: 1, queries: 60, 'initial-evaluations': 10 }
const run = (id: string, model: Classifier, norm: Norm, targeted: boolean) => {
  const attack = attacks.get(id)!
  const parameters = Object.fromEntries(Object.entries(quick).filter(([key]) => key in attack.parameters))
  const targets = targeted ? labels.map((label) => 1 - label) : undefined
  return runAttack({ attack, model, x, labels, targets, norm, epsilon: 0.3, low: 0, high: 1, parameters })
}

const able = [...attacks.values()].filter(
  ({ domain = 'any', transfers }) => misfit(domain, [size]) === undefined && !transfers && domain !== 'trees',
)
const cases = able.flatMap(({ id, norms }) => norms.filter(isNorm).map((norm) => ({ id, norm })))

it('has rows of both classes', () => {
  expect(new Set(labels).size).toBe(2)
})

describe.each(cases)('$id in $norm', ({ id, norm }) => {
  it('does to one score what it does to two logits', async () => {
    const reference = await run(id, two, norm, false)
    for (const model of one) {
      const found = await run(id, model, norm, false)
      expect(found.broken, model.path).toEqual(reference.broken)
      expect([...found.adversarial], model.path).toEqual([...reference.adversarial])
    }
    // The probability is rounded before its logit is taken: the same attack, not the same bits.
    const rounded = await run(id, opaque, norm, false)
    expect(rounded.clean).toEqual(reference.clean)
    expect(rounded.refused.length).toBe(reference.refused.length)
  })

  it('reaches the other class as its target, from either', async () => {
    const found = await run(id, one[0]!, norm, true)
    for (const [row, broken] of found.broken.entries()) if (broken) expect(found.after[row]).toBe(1 - labels[row]!)
  })
})

it('is broken by strong attacks at a budget that covers the range, from either class', async () => {
  const model = one[1]!
  for (const id of ['pgd', 'apgd-ce', 'fab-t', 'autoattack', 'hopskipjump']) {
    const attack = attacks.get(id)!
    const outcome = await runAttack({ attack, model, x, labels, norm: 'linf', epsilon: 1, low: 0, high: 1 })
    expect(outcome.broken, id).toEqual(Array.from(labels, () => true))
  }
})
