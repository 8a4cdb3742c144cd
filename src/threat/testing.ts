import { type Classifier, classifierFrom } from '../models/classifier.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../onnx/builder.ts'
import { createSession, modelOf } from '../onnx/session.ts'
import { type AnyAttack, type AttackContext, defineAttack } from './attack.ts'

/** logits = x W' + b, one row of weights a class. */
export const linearClassifier = (
  weights: readonly (readonly number[])[],
  biases: readonly number[],
): Promise<Classifier> => {
  const [classes, size] = [weights.length, weights[0]!.length]
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', size])
  const products = g.matmul(x, g.transpose(g.constant('float32', [classes, size], weights.flat())))
  g.output('logits', g.add(products, g.constant('float32', [classes], biases)))
  return classifierFrom(modelOf(g.build(['logits'])), { path: 'linear.onnx', sha256: '' })
}

/** An attack that proposes whatever the test says. */
export const proposing = (propose: (context: AttackContext) => Float32Array | Promise<Float32Array>): AnyAttack =>
  defineAttack({
    id: 'proposing',
    title: 'Proposes given candidates',
    reference: 'none',
    access: 'scores',
    norms: ['linf', 'l2', 'l1', 'l0'],
    parameters: {},
    run: async (context) => propose(context),
  })

/** What a graph of one output gives for float32 inputs. */
export const evaluate = async (
  inputs: readonly { readonly dims: readonly number[]; readonly values: Float32Array }[],
  build: (g: GraphBuilder, inputs: readonly Value[]) => Value,
): Promise<Float32Array> => {
  const g = graphBuilder()
  const values = inputs.map(({ dims }, i) => g.input(`x${i}`, 'float32', dims))
  g.output('y', build(g, values))
  const session = await createSession(modelOf(g.build()))
  const feeds = inputs.map(({ dims, values }, i) => [`x${i}`, { dtype: 'float32', dims, data: values }] as const)
  const { y } = await session.run(Object.fromEntries(feeds))
  await session.release()
  return Float32Array.from(y!.data as Float32Array)
}
