import { describe, expect, it } from 'vitest'
import { type Classifier, classifierFrom } from '../../models/classifier.ts'
import type { ProgramBuilder } from '../../models/program.ts'
import { addGradient } from '../../onnx/autodiff/gradient.ts'
import { graphBuilder, type Value } from '../../onnx/builder.ts'
import { crossEntropy } from '../../onnx/losses.ts'
import { normalise } from '../../onnx/normalise.ts'
import type { Model } from '../../onnx/types.ts'
import { toInt64 } from '../../threat/rows.ts'
import { accuracy, defended, digits } from './testing-digits.ts'

const epsilon = 0.3
const steps = 10

/** Sign steps up the loss within epsilon of the clean rows, all in one run. */
const attacked = async (classifier: Classifier, x: Float32Array, y: Int32Array): Promise<Float32Array> => {
  const program = await classifier.program({
    key: 'climb',
    inputs: { clean: { dtype: 'float32', dims: [1, 28, 28] }, labels: { dtype: 'int64', dims: [] } },
    repeat: { result: 'next', steps },
    build: ({ g, x: at, logits, input, gradient }: ProgramBuilder): Readonly<Record<string, Value>> => {
      const up = g.sign(gradient(crossEntropy(g, logits, input('labels'))))
      const moved = g.add(at, g.mul(up, epsilon / 4))
      const near = g.max(g.min(moved, g.add(input('clean'), epsilon)), g.sub(input('clean'), epsilon))
      return { next: g.max(g.min(near, 1), 0) }
    },
  })
  return (await program.run(y.length, { x, clean: x, labels: toInt64(y) })).last!
}

describe('an attacker who follows the gradient through the transform', () => {
  it.each([
    ['bit-depth', { bits: 4 }],
    ['median-smoothing', { window: 3 }],
    ['spatial-smoothing', {}],
    ['jpeg', { quality: 50 }],
    ['tv-minimisation', { steps: 10 }],
    ['random-resize-pad', {}],
  ] as const)('breaks %s %o', async (id, parameters) => {
    const { x, y } = await digits(32)
    const model = defended(id, parameters)
    const classifier = await classifierFrom(model, { path: '', sha256: '' })
    const adversarial = await attacked(classifier, x, y)
    await classifier.release()
    expect(await accuracy(model, x, y)).toBeGreaterThan(0.7)
    expect(await accuracy(model, adversarial, y)).toBeLessThan(0.3)
  })

  it('needs the rounding passed straight through: its own gradient is zero', async () => {
    const model = defended('bit-depth', { bits: 4 })
    // The same functions under a domain that nothing is promised of.
    const plain = <T extends { readonly domain: string }>(of: T): T =>
      of.domain === 'bartizan' ? { ...of, domain: 'other' } : of
    const naive: Model = {
      ...model,
      opsets: { ...model.opsets, other: 1 },
      graph: { ...model.graph, nodes: model.graph.nodes.map(plain) },
      functions: model.functions.map((definition) => ({
        ...plain(definition),
        opsets: { ...definition.opsets, other: 1 },
        nodes: definition.nodes.map(plain),
      })),
    }
    const classifier = await classifierFrom(naive, { path: '', sha256: '' })
    await classifier.release()
    const { graph } = normalise(naive)
    const g = graphBuilder(graph)
    const [input, output] = [g.value(graph.inputs[0]!.name), g.value(graph.outputs[0]!.name)]
    expect(() => addGradient(g, g.build([]), { of: output, withRespectTo: [input] })).toThrow('no gradient')
    // It stands in front of the network, so the attacker passes it through here too.
    expect(classifier.differentiable).toEqual({ ok: true })
  })
})
