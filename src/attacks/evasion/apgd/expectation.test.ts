import { expect, it } from 'vitest'
import { classifierFrom } from '../../../models/classifier.ts'
import { float } from '../../../onnx/attributes.ts'
import { graphBuilder } from '../../../onnx/builder.ts'
import { modelOf } from '../../../onnx/session.ts'
import { dtypes } from '../../../onnx/types.ts'
import { runAttack } from '../../../threat/runner.ts'
import { predictedRows, randomNet } from '../../testing.ts'
import { apgdCe, apgdDlr } from './apgd.ts'

const request = { norm: 'linf', epsilon: 0.1, low: 0, high: 1, seed: 3 } as const

it.each([apgdCe, apgdDlr])(
  '$id over several draws changes nothing but the cost where the model has one answer',
  async (attack) => {
    const rows = await predictedRows(await randomNet([6], 3), 12)
    const run = (eot: number) => runAttack({ ...request, ...rows, attack, parameters: { steps: 5, eot } })
    const [once, often] = [await run(1), await run(4)]
    expect(often.adversarial).toEqual(once.adversarial)
    expect(often.queries.gradient).toBe(4 * once.queries.gradient)
  },
)

it('finds the direction that holds on average of a model that draws anew in every run', async () => {
  // The gradient's first element is 0.2 on average, and has the wrong sign in four runs of ten.
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', 1])
  const noise = g.op('RandomUniformLike', [x], { dtype: dtypes.indexOf('float32'), low: float(-1), high: float(1.4) })
  // Class 0 by a margin that no step turns: every row climbs to the end.
  g.output('logits', g.concat([g.add(g.mul(x, 0), 3), g.mul(x, noise)], 1))
  const model = await classifierFrom(modelOf(g.build(['logits'])), { path: 'noisy.onnx', sha256: '' })
  expect(model.random).toBe(true)
  const rows = 256
  const ascended = async (eot: number): Promise<number> => {
    const { adversarial } = await runAttack({
      ...request,
      attack: apgdCe,
      model,
      x: new Float32Array(rows).fill(0.5),
      labels: new Int32Array(rows),
      parameters: { steps: 3, eot },
    })
    return [...adversarial].filter((value) => value > 0.5).length / rows
  }
  const [often, once] = [await ascended(100), await ascended(1)]
  await model.release()
  expect(often).toBeGreaterThan(0.85)
  expect(once).toBeLessThan(often - 0.1)
})
