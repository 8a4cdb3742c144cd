import { describe, expect, it } from 'vitest'
import { type GraphBuilder, graphBuilder, type Value } from '../onnx/builder.ts'
import { modelOf } from '../onnx/session.ts'
import { dtypes } from '../onnx/types.ts'
import { type Classifier, classifierFrom } from './classifier.ts'

/** logits = W front(x), with W = [[1, -2], [3, 5]]. */
const classifierWith = (
  front: (g: GraphBuilder, x: Value) => Value,
  behind: (g: GraphBuilder, logits: Value) => Value = (_, logits) => logits,
): Promise<Classifier> => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', 2])
  g.output('logits', behind(g, g.op('MatMul', [front(g, x), g.constant('float32', [2, 2], [1, -2, 3, 5])])))
  return classifierFrom(modelOf(g.build(['logits'])), { path: 'front.onnx', sha256: '' })
}

const cast = (g: GraphBuilder, x: Value, to: (typeof dtypes)[number]): Value =>
  g.op('Cast', [x], { to: dtypes.indexOf(to) })

/** Gradient of the second logit less the first, and the logits. */
const measured = async (model: Classifier) => {
  const program = await model.program({
    key: 'difference',
    inputs: {},
    build: ({ g, logits, gradient }) => {
      const seed = g.constant('float32', [2], [-1, 1])
      return { logits, gradient: gradient(g.reduceSum(g.mul(logits, seed), [1])) }
    },
  })
  const { logits, gradient } = await program.run(1, { x: Float32Array.from([0.6, 1.2]) })
  await model.release()
  return { logits: [...logits!], gradient: [...gradient!] }
}

describe('rounding in front of the first weights', () => {
  it.each([
    ['Round', [1, 1], (g: GraphBuilder, x: Value) => g.op('Round', [x])],
    ['Floor', [0, 1], (g: GraphBuilder, x: Value) => g.op('Floor', [x])],
    ['Ceil', [1, 2], (g: GraphBuilder, x: Value) => g.op('Ceil', [x])],
    ['Sign', [1, 1], (g: GraphBuilder, x: Value) => g.op('Sign', [x])],
    ['Cast to bytes and back', [0, 1], (g: GraphBuilder, x: Value) => cast(g, cast(g, x, 'uint8'), 'float32')],
    [
      'Cast through a reshape',
      [0, 1],
      (g: GraphBuilder, x: Value) => cast(g, g.reshape(cast(g, x, 'int32'), g.shapeOf(x)), 'float32'),
    ],
  ] as const)('%s computes what it did, and passes the gradient of the network on', async (_, [a, b], front) => {
    const model = await classifierWith(front)
    expect(model.differentiable).toEqual({ ok: true })
    expect(await measured(model)).toEqual({ logits: [a + 3 * b, -2 * a + 5 * b], gradient: [-3, 2] })
  })

  it('keeps the scale around it', async () => {
    const model = await classifierWith((g, x) => g.div(g.op('Round', [g.mul(x, 4)]), 4))
    expect(await measured(model)).toEqual({ logits: [4.25, 5.25], gradient: [-3, 2] })
  })

  it('passes quantisation to integers and back on as it always did', async () => {
    const model = await classifierWith((g, x) => {
      const [scale, zero] = [g.constant('float32', [], [0.5]), g.constant('uint8', [], [0])]
      return g.op('DequantizeLinear', [g.op('QuantizeLinear', [x, scale, zero]), scale, zero])
    })
    expect(await measured(model)).toEqual({ logits: [3.5, 4], gradient: [-3, 2] })
  })

  it('leaves what is rounded behind weights its own gradient, which is zero', async () => {
    const model = await classifierWith(
      (_, x) => x,
      (g, logits) => g.op('Round', [logits]),
    )
    expect(model.differentiable).toMatchObject({ ok: false, reason: expect.stringContaining('no gradient') })
    expect(model.model.functions).toEqual([])
    await model.release()
  })
})
