import { describe, expect, it } from 'vitest'
import { argmaxRows } from '../../base/argmax.ts'
import { type ClassifierOptions, classifierFrom } from '../../models/classifier.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../../onnx/builder.ts'
import { readModel } from '../../onnx/read.ts'
import { createSession, modelOf } from '../../onnx/session.ts'
import type { Model } from '../../onnx/types.ts'
import { writeModel } from '../../onnx/write.ts'
import { targetOf } from '../../threat/target.ts'
import { temperatureKey, withTemperature } from './with-temperature.ts'

const rows = Float32Array.from([0.3, -1.2, 2, 0.5, -0.7, -0.4, 0.1, 0.2])

/** A model of two features with outputs that `build` makes of their scores [rows, columns]. */
const modelWith = (columns: number, build: (g: GraphBuilder, scores: Value) => Record<string, Value>): Model => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['n', 2])
  const weights = Array.from({ length: 2 * columns }, (_, i) => ((i * 7) % 5) - 2)
  const scores = g.matmul(x, g.constant('float32', [2, columns], weights))
  for (const [name, value] of Object.entries(build(g, scores))) g.output(name, value)
  return { ...modelOf(g.build()), metadata: { author: 'somebody' } }
}

const opened = (model: Model, output: ClassifierOptions['output'] = 'auto') =>
  classifierFrom(model, { path: 'model.onnx', sha256: '', output })

const outputsOf = async (model: Model): Promise<Record<string, readonly number[]>> => {
  const session = await createSession(writeModel(model))
  const results = await session.run({ x: { dtype: 'float32', dims: [4, 2], data: rows } })
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Array.from(data, Number)]))
}

/** The model as written and read again. */
const scaled = async (model: Model, temperature: number, output: ClassifierOptions['output'] = 'auto') => {
  const classifier = await opened(model, output)
  return readModel(writeModel(withTemperature(model, classifier.output, temperature)))
}

const softmax = (values: readonly number[]): readonly number[] => {
  const powers = values.map(Math.exp)
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

const inRows = <T>(values: readonly T[]): readonly (readonly T[])[] =>
  [0, 1, 2, 3].map((row) => values.slice((row * values.length) / 4, ((row + 1) * values.length) / 4))

const expectClose = (measured: readonly number[] | undefined, wanted: readonly number[]): void =>
  expect(measured).toEqual(wanted.map((value) => expect.closeTo(value, 5)))

describe('withTemperature', () => {
  it.each([
    ['logits', 3, (_: GraphBuilder, s: Value) => ({ logits: s })],
    ['softmax', 3, (g: GraphBuilder, s: Value) => ({ probabilities: g.softmax(s, 1) })],
    ['log-softmax', 3, (g: GraphBuilder, s: Value) => ({ y: g.logSoftmax(s, 1) })],
    ['passed on', 3, (g: GraphBuilder, s: Value) => ({ y: g.op('Identity', [g.softmax(s, 1)]) })],
    ['binary logit', 1, (_: GraphBuilder, s: Value) => ({ logit: s })],
    ['sigmoid', 1, (g: GraphBuilder, s: Value) => ({ probability: g.sigmoid(s) })],
  ] as const)('%s: attacks and callers see the logits divided, decisions stay', async (_, columns, build) => {
    const model = modelWith(columns, build)
    const [before, after] = await Promise.all([opened(model), opened(await scaled(model, 2.5))])
    expect(after.output.kind).toBe(before.output.kind)
    expect(after.source.graph.outputs).toEqual(before.source.graph.outputs)
    expect(after.source.opsets).toEqual(model.opsets)
    expect(after.source.metadata).toEqual({ author: 'somebody', [temperatureKey]: '2.5' })
    const logits = await targetOf(before, 'scores').logits(rows, 4)
    const divided = await targetOf(after, 'scores').logits(rows, 4)
    expectClose(
      Array.from(divided),
      Array.from(logits, (z) => z / 2.5),
    )
    expect(argmaxRows(divided, after.classes)).toEqual(argmaxRows(logits, before.classes))
  })

  it.each([
    ['probabilities', 3],
    ['two of them at 0 and 1', 2],
  ] as const)('%s without a softmax are rescaled as powers', async (_, columns) => {
    const model = modelWith(columns, (g, s) => {
      const positive = columns === 2 ? g.cast(g.greater(s, 0), 'float32') : g.softmax(s, 1)
      return { y: g.mul(positive, 1) }
    })
    const after = await outputsOf(await scaled(model, 2, 'probabilities'))
    const { y } = await outputsOf(model)
    const wanted = inRows(y!).flatMap((p) => softmax(p.map((value) => Math.log(Math.max(value, 1.1754944e-38)) / 2)))
    expectClose(after.y, wanted)
  })

  it('one probability without a sigmoid is rescaled as odds', async () => {
    const model = modelWith(1, (g, s) => ({ y: g.mul(g.sigmoid(s), 1) }))
    const [after, before] = [await outputsOf(await scaled(model, 3, 'probabilities')), await outputsOf(model)]
    const odds = before.y!.map((p) => (p / (1 - p)) ** (1 / 3))
    expectClose(
      after.y,
      odds.map((o) => o / (1 + o)),
    )
  })

  it('outputs that belong together stay together, whichever was found', async () => {
    const model = modelWith(3, (g, s) => ({
      label: g.op('ArgMax', [s], { axis: 1, keepdims: 0 }),
      raw: s,
      probabilities: g.softmax(s, 1),
    }))
    const [after, before] = [await outputsOf(await scaled(model, 4)), await outputsOf(model)]
    expect(after.label).toEqual(before.label)
    expectClose(
      after.raw,
      before.raw!.map((z) => z / 4),
    )
    expectClose(after.probabilities, inRows(after.raw!).flatMap(softmax))
  })

  it('twice multiplies', async () => {
    const twice = await scaled(
      await scaled(
        modelWith(3, (_, s) => ({ logits: s })),
        2,
      ),
      3,
    )
    expect(twice.metadata[temperatureKey]).toBe('6')
    const before = await outputsOf(modelWith(3, (_, s) => ({ logits: s })))
    expectClose(
      (await outputsOf(twice)).logits,
      before.logits!.map((z) => z / 6),
    )
  })

  it('a softmax inside a local function is found', async () => {
    const plain = modelWith(3, (_, s) => ({ hidden: s }))
    const graph = plain.graph
    const call = { name: 'call', op: 'Head', domain: 'local', inputs: ['hidden'], outputs: ['y'], attributes: {} }
    const model: Model = {
      ...plain,
      opsets: { ...plain.opsets, local: 1 },
      graph: { ...graph, nodes: [...graph.nodes, call], outputs: [{ ...graph.outputs[0]!, name: 'y' }] },
      functions: [
        {
          name: 'Head',
          domain: 'local',
          inputs: ['a'],
          outputs: ['b'],
          attributes: [],
          attributeDefaults: {},
          opsets: { '': 21 },
          nodes: [
            { name: 'twice', op: 'Add', domain: '', inputs: ['a', 'a'], outputs: ['c'], attributes: {} },
            {
              name: 'end',
              op: 'Softmax',
              domain: '',
              inputs: ['c'],
              outputs: ['b'],
              attributes: { axis: { type: 'int', value: 1 } },
            },
          ],
        },
      ],
    }
    const after = await outputsOf(await scaled(model, 2))
    const { hidden } = await outputsOf(plain)
    expectClose(after.y, inRows(hidden!).flatMap(softmax))
  })

  it('refuses what is no temperature, and scores that no node makes', async () => {
    const model = modelWith(3, (_, s) => ({ logits: s }))
    const { output } = await opened(model)
    for (const temperature of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => withTemperature(model, output, temperature)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      )
    expect(() => withTemperature(model, { ...output, name: 'x' }, 2)).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    )
  })
})
