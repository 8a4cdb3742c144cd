import { describe, expect, it } from 'vitest'
import { stream } from '../../../base/random.ts'
import { classifierFrom } from '../../../models/classifier.ts'
import { graphBuilder } from '../../../onnx/builder.ts'
import { modelOf } from '../../../onnx/session.ts'
import { network } from '../../../training/training-mode/testing.ts'
import { gradientMatching } from '../gradient-matching.ts'
import { contextOf, poisonedBy } from '../testing.ts'
import { alignmentOf } from './alignment.ts'
import { openMatcher } from './matcher.ts'
import type { MatchedWeights } from './weight-gradients.ts'

/** Smooth, so that differences say what derivatives are. */
const smooth = await network('conv 3 3x3 pad 1, tanh, avgpool 2, dense 6, tanh, dense classes', [1, 6, 6])
const rows = 5
const random = stream('matching')
const x = Float32Array.from({ length: rows * 36 }, () => random.uniform())
const labels = Int32Array.of(0, 1, 2, 1, 0)
const normals = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal())
const product = (a: readonly Float32Array[], b: readonly Float32Array[]): number =>
  a.reduce((sum, part, i) => sum + part.reduce((more, value, j) => more + value * b[i]![j]!, 0), 0)

describe('the gradients of weight gradients', () => {
  it.each(['all', 'last layer'] as MatchedWeights[])('are what differences say, of %s', async (weights) => {
    const matcher = await openMatcher(smooth, weights)
    expect(matcher.weights).toBe(weights)
    const direction = (await matcher.gradients(x, labels)).map(({ length }) => normals(length))
    const way = normals(x.length)
    const at = async (step: number): Promise<number> =>
      product(
        await matcher.gradients(
          x.map((value, i) => value + step * way[i]!),
          labels,
        ),
        direction,
      )
    const difference = ((await at(0.01)) - (await at(-0.01))) / 0.02
    const exact = product([await matcher.pull(x, labels, direction)], [way])
    expect(Math.abs(exact - difference)).toBeLessThan(5e-3 * Math.abs(difference))
    await matcher.release()
  })

  it('of the last layer are those of all weights that are of it', async () => {
    const [all, last] = [await openMatcher(smooth, 'all'), await openMatcher(smooth, 'last layer')]
    const [written, reversed] = [await last.gradients(x, labels), await all.gradients(x, labels)]
    expect(written).toHaveLength(1)
    const same = reversed.filter(
      (gradient) =>
        gradient.length === written[0]!.length &&
        gradient.every((value, i) => Math.abs(value - written[0]![i]!) < 1e-5),
    )
    expect(same).toHaveLength(1)
    await all.release()
    await last.release()
  })

  it('are of the last layer where no others can be had: weights that are whole numbers', async () => {
    const g = graphBuilder()
    const input = g.input('x', 'float32', ['batch', 4])
    const weights = g.cast(g.constant('int32', [4, 3], [1, 0, 2, -1, 3, 1, 0, 1, 1, 2, -2, 0]), 'float32')
    g.output('logits', g.matmul(input, weights))
    const whole = await classifierFrom(modelOf(g.build(['logits'])), { path: 'whole.onnx', sha256: '' })
    const matcher = await openMatcher(whole, 'all')
    expect(matcher.weights).toBe('last layer')
    // Of the row of zeros nothing; of [2, 0, 0, 0], with logits 2, 0, 4: (softmax - one-hot) times 2.
    const [gradient] = await matcher.gradients(Float32Array.of(0, 0, 0, 0, 2, 0, 0, 0), Int32Array.of(0, 1))
    const [high, low] = [Math.exp(2), Math.exp(4)].map((value) => value / (1 + Math.exp(2) + Math.exp(4)))
    const expected = [2 * high!, 2 * (1 - high! - low!) - 2, 2 * low!]
    for (const [k, value] of expected.entries()) expect(gradient![k * 4]).toBeCloseTo(value, 5)
    await matcher.release()
  })

  it('are summed over more rows than a run takes', async () => {
    const matcher = await openMatcher(smooth, 'last layer')
    const many = Float32Array.from({ length: 70 * 36 }, (_, at) => x[at % x.length]!)
    const [sum] = await matcher.gradients(
      many,
      Int32Array.from({ length: 70 }, (_, row) => labels[row % rows]!),
    )
    const [once] = await matcher.gradients(x, labels)
    for (const [i, value] of sum!.entries()) expect(value).toBeCloseTo(14 * once![i]!, 3)
    await matcher.release()
  })
})

describe('alignment', () => {
  it('is the cosine, and points where it grows', () => {
    const { cosine, direction } = alignmentOf([Float32Array.of(1, 0)], [Float32Array.of(1, 1)])
    expect(cosine).toBeCloseTo(Math.SQRT1_2, 12)
    expect([...direction[0]!]).toEqual([0.5, -0.5].map((value) => expect.closeTo(value, 6)))
  })

  it('is none of a gradient that is zero or no number', () => {
    for (const value of [0, Number.NaN])
      expect(alignmentOf([Float32Array.of(1, 0)], [Float32Array.of(value, value)])).toMatchObject({
        cosine: 0,
        direction: [Float32Array.of(0, 0)],
      })
  })
})

describe('gradient-matching', () => {
  const cosines = (notes: readonly string[] | undefined): number[] =>
    [...notes!.join().matchAll(/-?\d\.\d{3}/g)].map(([text]) => Number(text))

  it.each(['all', 'last layer'])(
    'turns the gradients of %s towards the wanted ones within epsilon',
    async (weights) => {
      const context = contextOf(gradientMatching, [1, 6, 6], { classes: 3, model: smooth })
      const parameters = { weights, epsilon: 0.3, steps: 15 }
      const { x: after, labels: kept, poisoned, notes } = await poisonedBy(gradientMatching, context, parameters)
      expect(kept).toEqual(context.labels)
      for (const row of poisoned) expect(kept[row]).toBe(1)
      for (const [at, value] of after.entries())
        expect(Math.abs(value - context.x[at]!)).toBeLessThanOrEqual(0.3 + 1e-6)
      expect(notes![0]).toContain(weights === 'all' ? 'of all weights (second order)' : "last layer's weights only")
      const [before, reached] = cosines(notes)
      expect(1 - reached!).toBeLessThan(0.5 * (1 - before!))
    },
  )

  it('is about so many rows of one class', async () => {
    const context = contextOf(gradientMatching, [1, 6, 6], { classes: 3, model: smooth })
    const { victims } = await poisonedBy(gradientMatching, context, { steps: 1, victims: 3 })
    const classes = new Set([...victims!].map((row) => context.judged.labels[row]))
    expect(victims!.length).toBeGreaterThan(0)
    expect(classes.size).toBe(1)
    expect(classes.has(context.target)).toBe(false)
  })
})
