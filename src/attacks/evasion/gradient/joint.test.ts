import { describe, expect, it } from 'vitest'
import type { FittedDetector } from '../../../threat/detector.ts'
import { distances, tolerance } from '../../../threat/norm.ts'
import { runAttack } from '../../../threat/runner.ts'
import { detectorScores } from '../../../threat/scores.ts'
import { targetOf } from '../../../threat/target.ts'
import { linearClassifier, mnistRows, type Rows, rawCandidates, someRows } from '../../testing.ts'
import { jointAttack } from './joint.ts'
import { pgd } from './pgd.ts'

/** Class 0 where the first value is above 1/2. The second says nothing of the class. */
const model = await linearClassifier(
  [
    [2, 0],
    [-2, 0],
  ],
  [-1, 1],
)
const rows: Rows = {
  model,
  x: Float32Array.of(0.6, 0.6, 0.55, 0.5, 0.65, 0.7, 0.3, 0.3, 0.95, 0.95),
  labels: Int32Array.of(0, 0, 0, 1, 0),
}
/** On clean rows both values are about the same. */
const detector: FittedDetector = {
  key: 'difference',
  score: ({ g, x }) => {
    const difference = g.sub(g.slice(x, [0], [1], [1]), g.slice(x, [1], [2], [1]))
    return g.squeeze(g.square(difference), [1])
  },
}
const threshold = 0.004
const setting = { norm: 'linf', epsilon: 0.25, low: 0, high: 1 } as const
const flagged = async ({ adversarial }: { adversarial: Float32Array }): Promise<boolean[]> =>
  Array.from(await detectorScores(model, detector, adversarial, 5), (score) => score > threshold)

describe('a detector', () => {
  it('stops the attack that does not know of it', async () => {
    const plain = await runAttack({
      ...rows,
      attack: pgd,
      ...setting,
      parameters: { 'random-start': false, 'early-stop': false },
    })
    expect(plain.broken).toEqual([true, true, true, true, false])
    expect((await flagged(plain)).every(Boolean)).toBe(true)
  })

  it.each(['all', 'orthogonal', 'selective', 'sum'])('does not stop the joint attack (%s)', async (rule) => {
    const attack = jointAttack({ detector, threshold })
    const joint = await runAttack({ ...rows, attack, ...setting, parameters: { rule } })
    // The last row is out of reach: no point of its ball is misclassified.
    expect(joint.broken).toEqual([true, true, true, true, false])
    expect(await flagged(joint)).toEqual([false, false, false, false, false])
  })

  it.each(['linf', 'l2', 'l1'] as const)('and the joint attack keeps budget and range in %s', async (norm) => {
    const attack = jointAttack({ detector, threshold })
    const epsilon = norm === 'linf' ? 0.25 : 0.5
    const { candidates, predicted } = await rawCandidates(attack, rows, { ...setting, norm, epsilon })
    for (const size of distances(norm, candidates, rows.x, 2))
      expect(size).toBeLessThanOrEqual(epsilon + tolerance(norm, epsilon, 2, 1))
    expect(candidates.every((value) => value >= 0 && value <= 1)).toBe(true)
    expect([...predicted].slice(0, 4)).toEqual([1, 1, 1, 0])
    expect((await flagged({ adversarial: candidates })).some(Boolean)).toBe(false)
  })

  it('that no point of the ball satisfies leaves rows as they are', async () => {
    const impossible = jointAttack({ detector, threshold: -1 })
    const { candidates } = await rawCandidates(impossible, rows, setting)
    expect(candidates).toEqual(rows.x)
  })

  it('with a flat score is attacked through its surrogate, and is no use without', async () => {
    const flat: FittedDetector = {
      ...detector,
      key: 'flat',
      score: (b) => b.g.op('Ceil', [b.g.mul(detector.score(b), 250)]),
    }
    const run = (against: FittedDetector) =>
      runAttack({ ...rows, attack: jointAttack({ detector: against, threshold: 1 }), ...setting })
    await expect(run(flat)).rejects.toMatchObject({ code: 'GRAPH_NOT_DIFFERENTIABLE' })
    const joint = await run({ ...flat, key: 'flat with a surrogate', surrogate: detector.score })
    expect(joint.broken).toEqual([true, true, true, true, false])
    expect(await flagged(joint)).toEqual([false, false, false, false, false])
  })
})

describe('targets', () => {
  it('are reached unflagged', async () => {
    const three = await linearClassifier(
      [
        [2, 0],
        [-2, 0],
        [0, -3],
      ],
      [0, 0.5, 1],
    )
    const x = Float32Array.of(0.6, 0.6)
    const run = (target: number) =>
      runAttack({
        ...{ model: three, x, labels: Int32Array.of(0), targets: Int32Array.of(target) },
        ...{ attack: jointAttack({ detector, threshold }), ...setting, epsilon: 0.5 },
      })
    // Where both values are alike, class 2 leads below 1/5; class 1 leads only where they differ by more than allowed.
    const reached = await run(2)
    expect(reached.broken).toEqual([true])
    expect((await detectorScores(three, detector, reached.adversarial, 1))[0]).toBeLessThanOrEqual(threshold)
    expect((await run(1)).broken).toEqual([false])
  })
})

describe('on a convolutional net', () => {
  it('treats rows alike together and apart', async () => {
    const digits = await mnistRows(4)
    const confident: FittedDetector = { key: 'confidence', score: ({ g, logits }) => g.neg(g.reduceMax(logits, [1])) }
    const attack = jointAttack({ detector: confident, threshold: -6 })
    const with4 = { norm: 'linf', epsilon: 0.3, parameters: { steps: 12, restarts: 2 } } as const
    const together = await rawCandidates(attack, digits, with4)
    const apart = await rawCandidates(attack, someRows(digits, 2, 4), { ...with4, firstRow: 2 })
    const half = together.candidates.subarray(2 * digits.model.size)
    for (const [at, value] of apart.candidates.entries()) expect(Math.abs(value - half[at]!)).toBeLessThan(1e-5)
    expect(await targetOf(digits.model, 'scores').predict(together.candidates, 4)).not.toEqual(digits.labels)
  })
})
