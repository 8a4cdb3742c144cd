import { type Classifier, classifierFrom } from '../../models/classifier.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'

/** A classifier of two features with the given logits. */
export const classifierOf = (
  build: (g: GraphBuilder, x: Value) => Value,
  options: { readonly batch?: number } = {},
): Promise<Classifier> => {
  const g = graphBuilder()
  g.output('logits', build(g, g.input('x', 'float32', ['n', 2])))
  return classifierFrom(modelOf(g.build()), { path: 'two-features.onnx', sha256: '', ...options })
}

/** Three classes, each ahead on its own third of the plane: the rays between them meet at the origin. */
export const thirds = (options?: { readonly batch?: number }): Promise<Classifier> =>
  classifierOf((g, x) => {
    const weights = [0, 1, 2].map((k) => [Math.cos((2 * Math.PI * k) / 3), Math.sin((2 * Math.PI * k) / 3)])
    return g.matmul(x, g.transpose(g.constant('float32', [3, 2], weights.flat())))
  }, options)

/** Class 1 where the first feature is above 0, else class 0. */
export const halfPlane = (): Promise<Classifier> =>
  classifierOf((g, x) => {
    const first = g.slice(x, [0], [1], [1])
    return g.concat([g.neg(first), first], 1)
  })

/** All that a generator yields. */
export const collect = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
