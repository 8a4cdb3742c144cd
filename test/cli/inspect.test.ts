import { readFile, truncate, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { graphBuilder } from '../../src/onnx/builder.ts'
import { modelOf } from '../../src/onnx/session.ts'
import type { Model } from '../../src/onnx/types.ts'
import { writeModel } from '../../src/onnx/write.ts'
import { example, fixture } from '../support/fixtures.ts'
import { bartizan, scratch } from './bartizan.ts'

const file = scratch()
const inspected = async (path: string) => {
  const { exitCode, stdout, stderr } = await bartizan('inspect', path, '--json', '-')
  expect(exitCode, stderr).toBe(0)
  return { found: JSON.parse(stdout), text: stderr }
}

const write = async (name: string, model: Model): Promise<string> => {
  await writeFile(file(name), writeModel(model))
  return file(name)
}

describe('bartizan inspect', () => {
  it('shows what a classifier holds', async () => {
    const { found, text } = await inspected(example('digits/digits.onnx'))
    expect(found).toMatchObject({
      irVersion: 7,
      opset: { 'ai.onnx': 13 },
      producer: 'pytorch 1.13.0',
      parameters: 215_370,
      arrays: 8,
      inputs: [{ name: 'input', type: 'float32', shape: ['batch', 1, 28, 28] }],
      classifier: { classes: 10, rowShape: [1, 28, 28], outputKind: 'logits' },
      differentiable: { ok: true, of: 'input' },
      runs: { ok: true },
    })
    expect(found.operators).toContainEqual({ operator: 'Conv', count: 2, gradient: 'yes' })
    expect(found.operators).toHaveLength(5)
    expect(text).toMatch(/Conv +2 +yes/)
  })

  it.each([
    ['breast-cancer-forest', false, /ai\.onnx\.ml:TreeEnsembleClassifier/],
    ['token-transformer', true, /at the embedding/],
    ['seq-lstm', true, /LSTM +1 +yes/],
  ])('%s: differentiable %s', async (name, ok, message) => {
    const { found, text } = await inspected(fixture(`models/${name}.onnx`))
    expect(found.differentiable.ok).toBe(ok)
    expect(text).toMatch(message)
  })

  it('names the node that prevents a gradient, and operators off its way', async () => {
    const g = graphBuilder()
    const x = g.input('x', 'float32', ['batch', 4])
    const y = g.op('Softplus', [g.op('Det', [g.reshape(x, [-1, 2, 2])])])
    g.output('logits', g.concat([g.unsqueeze(y, [1]), g.unsqueeze(g.neg(y), [1])], 1))
    const { found } = await inspected(await write('det.onnx', modelOf(g.build(['logits']))))
    expect(found.differentiable).toMatchObject({ ok: false, operator: 'Det' })
    expect(found.differentiable.node).not.toBe('')
    expect(found.operators).toContainEqual({ operator: 'Det', count: 1, gradient: 'no' })
    expect(found.operators).toContainEqual({ operator: 'Softplus', count: 1, gradient: 'yes' })
  })

  it('describes a model that is no classifier as far as it goes', async () => {
    const g = graphBuilder()
    const [a, b] = [g.input('a', 'float32', ['n', 3]), g.input('b', 'float32', ['n', 3])]
    g.output('sum', g.add(a, b))
    const { found, text } = await inspected(await write('sum.onnx', modelOf(g.build(['sum']))))
    expect(found.classifier).toBeUndefined()
    expect(found.notClassifier).toContain('2 inputs')
    expect(found.operators).toContainEqual({ operator: 'Add', count: 1, gradient: 'yes' })
    expect(text).toContain('classifier  no: the model has 2 inputs')
  })

  it('shows the text of a model without its control characters', async () => {
    const g = graphBuilder()
    g.output('logits', g.neg(g.input('x', 'float32', ['n', 3])))
    const model = {
      ...modelOf(g.build(['logits'])),
      producerName: '\u001b]0;owned\u0007\u001b[2J',
      docString: 'a\r\nb',
    }
    const { text } = await inspected(await write('escape.onnx', { ...model, metadata: { 'k\u001b[31m': 'v\u009b' } }))
    expect([...text].filter((char) => char !== '\n' && /\p{Cc}/u.test(char))).toEqual([])
    expect(text).toContain('owned')
  })

  it('refuses what is no model, with a way on', async () => {
    await writeFile(file('weights.pt'), 'PK')
    await writeFile(file('half.onnx'), await readFile(example('digits/digits.onnx')))
    await truncate(file('half.onnx'), 400_000)
    await writeFile(file('text.onnx'), 'this is not a model')
    const cases = [
      ['weights.pt', 'MODEL_FORMAT_UNSUPPORTED', 'torch.onnx.export'],
      ['half.onnx', 'MODEL_CORRUPT', 'export it again'],
      ['text.onnx', 'MODEL_CORRUPT', 'export it again'],
      ['missing.onnx', 'FILE_NOT_FOUND', 'missing.onnx'],
    ] as const
    for (const [name, code, hint] of cases) {
      const { exitCode, stdout, stderr } = await bartizan('inspect', file(name))
      expect({ exitCode, stdout }, name).toEqual({ exitCode: 3, stdout: '' })
      expect(stderr).toContain(`error ${code}: `)
      expect(stderr).toContain(hint)
    }
  })
})
