import { expect, it } from 'vitest'
import { classifierFrom } from '../../../models/classifier.ts'
import { float } from '../../../onnx/attributes.ts'
import { graphBuilder } from '../../../onnx/builder.ts'
import { modelOf } from '../../../onnx/session.ts'
import { dtypes } from '../../../onnx/types.ts'
import { runAttack } from '../../../threat/runner.ts'
import { predictedRows, randomNet } from '../../testing.ts'
import { pgd } from './pgd.ts'

const request = { attack: pgd, norm: 'linf', epsilon: 0.1, low: 0, high: 1, seed: 3 } as const

it('changes nothing but the cost where the model has one answer', async () => {
  const rows = await predictedRows(await randomNet([6], 3), 12)
  const run = (eot: number, early: boolean) =>
    runAttack({ ...request, ...rows, parameters: { steps: 5, eot, 'early-stop': early } })
  const [once, often] = [await run(1, false), await run(4, false)]
  expect(often.adversarial).toEqual(once.adversarial)
  expect(often.queries.gradient).toBe(4 * once.queries.gradient)
  expect((await run(4, true)).adversarial).toEqual((await run(1, true)).adversarial)
})

it('finds the direction that holds on average of a model that draws anew in every run', async () => {
  // The gradient's first element is 0.2 on average, and has the wrong sign in four runs of ten.
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', 1])
  const noise = g.op('RandomUniformLike', [x], { dtype: dtypes.indexOf('float32'), low: float(-1), high: float(1.4) })
  const score = g.mul(x, noise)
  g.output('logits', g.concat([g.add(g.mul(x, 0), 0), score], 1))
  const model = await classifierFrom(modelOf(g.build(['logits'])), { path: 'noisy.onnx', sha256: '' })
  const rows = 512
  const x0 = new Float32Array(rows).fill(0.5)
  const ascended = async (eot: number): Promise<number> => {
    const { adversarial, clean } = await runAttack({
      ...request,
      model,
      x: x0,
      labels: new Int32Array(rows),
      parameters: { steps: 1, 'random-start': false, eot, 'early-stop': false },
    })
    const attacked = [...adversarial].filter((_, row) => clean[row] === 0)
    return attacked.filter((value) => value > 0.5).length / attacked.length
  }
  expect(await ascended(200)).toBeGreaterThan(0.9)
  expect(await ascended(1)).toBeLessThan(0.85)
})
