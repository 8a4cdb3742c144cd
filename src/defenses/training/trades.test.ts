import { describe, expect, it } from 'vitest'
import { distances, tolerance } from '../../threat/norm.ts'
import { standard } from '../../training/objective.ts'
import { contextOf, dims, harden, pictures, quick, untrained } from '../testing.ts'
import { mostDivergent } from './divergence-ascent.ts'
import { batchOf, divergence, logitsOf, scaled, softmax, sumsOf, weightsOf } from './testing.ts'
import { tradesObjective } from './trades.ts'

const rows = pictures(12, 'trades')
const source = scaled(untrained(), 2)
const budget = { norm: 'linf', epsilon: 0.1, low: 0, high: 1, inputDims: dims } as const
const options = { beta: 6, steps: 10, stepSize: 0.025, warmup: 0, smoothing: 0 }

const divergences = async (x: Float32Array): Promise<readonly number[]> => {
  const [clean, moved] = [await logitsOf(source, rows.x), await logitsOf(source, x)]
  return clean.map((logits, row) => divergence(softmax(logits), softmax(moved[row]!)))
}

describe('the most divergent points', () => {
  it.each([
    ['linf', 0.1],
    ['l2', 0.5],
    ['l1', 2],
  ] as const)('lie within the budget and the range in %s, and diverge more after more steps', async (norm, epsilon) => {
    const model = await contextOf({ source }).open(source)
    const at = async (steps: number): Promise<Float32Array> =>
      mostDivergent({ ...budget, norm, epsilon }, model, batchOf(rows), { steps, stepSize: epsilon / 4 })
    const [once, often] = [await at(1), await at(12)]
    for (const size of distances(norm, often, rows.x, model.size))
      expect(size).toBeLessThanOrEqual(epsilon + tolerance(norm, epsilon, model.size, 1))
    expect(often.every((value) => value >= 0 && value <= 1)).toBe(true)
    const [few, many] = [await divergences(once), await divergences(often)]
    for (const [row, value] of many.entries()) {
      expect(few[row]).toBeGreaterThan(0)
      expect(value).toBeGreaterThan(few[row]!)
    }
    await model.release()
  })

  it('are not sought in L0', async () => {
    const model = await contextOf({ source }).open(source)
    await expect(mostDivergent({ ...budget, norm: 'l0' }, model, batchOf(rows), options)).rejects.toMatchObject({
      code: 'ATTACK_NOT_APPLICABLE',
    })
    await model.release()
  })
})

describe('trades', () => {
  it('adds beta times the divergence to the cross-entropy of the clean rows', async () => {
    const { loss, prepared } = await sumsOf(source, tradesObjective(budget, options), rows)
    expect(prepared.x).toBeUndefined()
    const clean = await logitsOf(source, rows.x)
    const apart = await divergences(prepared.inputs!.adversarial as Float32Array)
    const expected = clean.map((logits, row) => -Math.log(softmax(logits)[rows.labels[row]!]!) + 6 * apart[row]!)
    const total = expected.reduce((sum, value) => sum + value, 0)
    expect(total).toBeGreaterThan(1)
    expect(loss / total).toBeCloseTo(1, 4)
  })

  it('follows the divergence through both answers', async () => {
    const name = 'fc2.bias'
    const objective = tradesObjective(budget, { ...options, beta: 50 })
    const { gradients, prepared } = await sumsOf(source, objective, rows)
    const adversarial = prepared.inputs!.adversarial as Float32Array
    const [clean, moved] = [await logitsOf(source, rows.x), await logitsOf(source, adversarial)]
    const lossAt = (shift: number): number =>
      clean.reduce((sum, logits, row) => {
        const raised = (z: readonly number[]) => z.map((value, i) => (i === 0 ? value + shift : value))
        const [p, q] = [softmax(raised(logits)), softmax(raised(moved[row]!))]
        return sum - Math.log(p[rows.labels[row]!]!) + 50 * divergence(p, q)
      }, 0)
    const slope = (lossAt(1e-4) - lossAt(-1e-4)) / 2e-4
    expect(gradients.get(name)![0]! / slope).toBeCloseTo(1, 3)
  })

  it('with beta 0 is standard training', async () => {
    const context = contextOf()
    const [plain, none] = [
      await harden('standard', context, quick),
      await harden('trades', context, { ...quick, beta: 0 }),
    ]
    const expected = weightsOf(plain.model)
    for (const [name, values] of weightsOf(none.model))
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected.get(name)![i]!, 5)
    expect(tradesObjective(budget, options).key).toContain(standard(0).key)
  })
})
