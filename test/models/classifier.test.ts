import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolders } from '../../src/base/testing.ts'
import { type ClassifierOptions, classifierFrom, openClassifier } from '../../src/models/classifier.ts'
import { type GraphBuilder, graphBuilder, type Value } from '../../src/onnx/builder.ts'
import { crossEntropy } from '../../src/onnx/losses.ts'
import { modelOf } from '../../src/onnx/session.ts'
import { targetOf } from '../../src/threat/target.ts'

const newFolder = scratchFolders()

/** A classifier of two features: what `build` makes of their scores [rows, columns]. */
const classifier = (
  columns: number,
  build: (g: GraphBuilder, scores: Value) => Value,
  options: Partial<ClassifierOptions> = {},
) => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['n', 2])
  const weights = Array.from({ length: 2 * columns }, (_, i) => ((i * 7) % 5) - 2)
  g.output('y', build(g, g.matmul(x, g.constant('float32', [2, columns], weights))))
  return classifierFrom(modelOf(g.build()), { path: '', sha256: '', ...options })
}

const rows = Float32Array.from([0.3, -1.2, 2, 0.5, -0.7, -0.4])
/** x W for the weights of `classifier`. */
const scoresOf = (columns: number): number[][] =>
  [0, 1, 2].map((row) =>
    Array.from({ length: columns }, (_, c) =>
      [0, 1].reduce((sum, f) => sum + rows[row * 2 + f]! * ((((f * columns + c) * 7) % 5) - 2), 0),
    ),
  )

const logits = async (model: Awaited<ReturnType<typeof classifier>>): Promise<number[][]> => {
  const values = await targetOf(model, 'scores').logits(rows, 3)
  return [0, 1, 2].map((row) => [...values.subarray(row * model.classes, (row + 1) * model.classes)])
}

describe('what an output holds', () => {
  it('logits stay as they are', async () => {
    const model = await classifier(3, (_, scores) => scores)
    expect(model.output.kind).toBe('logits')
    for (const [row, values] of (await logits(model)).entries())
      for (const [c, value] of values.entries()) expect(value).toBeCloseTo(scoresOf(3)[row]![c]!, 5)
  })

  it('a final Softmax is found, and attacks see what is before it', async () => {
    const model = await classifier(3, (g, scores) => g.softmax(scores, 1))
    expect(model.output).toMatchObject({ kind: 'probabilities', because: expect.stringContaining('Softmax') })
    for (const [row, values] of (await logits(model)).entries())
      for (const [c, value] of values.entries()) expect(value).toBeCloseTo(scoresOf(3)[row]![c]!, 5)
  })

  it('declared probabilities without a Softmax become logarithms, and 0 stays finite', async () => {
    const model = await classifier(3, (g, scores) => g.max(scores, 0), { output: 'probabilities' })
    expect(model.output.kind).toBe('probabilities')
    for (const [row, values] of (await logits(model)).entries())
      for (const [c, value] of values.entries()) {
        const p = Math.max(scoresOf(3)[row]![c]!, 0)
        expect(value).toBeCloseTo(Math.log(Math.max(p, 1.1754944e-38)), 3)
      }
  })

  it.each([
    ['binary-logit', (_: GraphBuilder, scores: Value) => scores],
    ['binary-probability', (g: GraphBuilder, scores: Value) => g.sigmoid(scores)],
  ] as const)('one number for two classes: %s', async (kind, build) => {
    const model = await classifier(1, build)
    expect(model.output.kind).toBe(kind)
    expect(model.classes).toBe(2)
    for (const [row, values] of (await logits(model)).entries()) {
      expect(values[0]).toBeCloseTo(0, 6)
      expect(values[1]).toBeCloseTo(scoresOf(1)[row]![0]!, 5)
    }
  })

  it('losses serve one-logit models: cross-entropy is softplus of the signed logit', async () => {
    const model = await classifier(1, (_, scores) => scores)
    const program = await model.program({
      key: 'loss',
      inputs: { labels: { dtype: 'int64', dims: [] } },
      build: ({ g, logits, input }) => ({ loss: crossEntropy(g, logits, input('labels')) }),
    })
    const { loss } = await program.run(3, { x: rows, labels: BigInt64Array.from([0n, 1n, 0n]) })
    for (const [row, sign] of [1, -1, 1].entries())
      expect(loss![row]).toBeCloseTo(Math.log1p(Math.exp(sign * scoresOf(1)[row]![0]!)), 5)
  })
})

describe('preprocessing', () => {
  it('is (x scale - mean) / std, inside the graph, and the gradient goes through it', async () => {
    const preprocessing = { scale: 2, mean: [1, -1], std: [4, 0.5] }
    const model = await classifier(3, (_, scores) => scores, { preprocessing })
    const plain = await classifier(3, (_, scores) => scores)
    const transformed = rows.map((value, i) => (value * 2 - [1, -1][i % 2]!) / [4, 0.5][i % 2]!)
    const expected = await targetOf(plain, 'scores').logits(transformed, 3)
    const actual = await targetOf(model, 'scores').logits(rows, 3)
    for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 4)
    const program = await model.program({
      key: 'gradient',
      inputs: {},
      build: ({ g, logits, gradient }) => ({ dX: gradient(g.reduceSum(logits, [1])) }),
    })
    const { dX } = await program.run(3, { x: rows })
    const sums = [0, 1].map((f) => [0, 1, 2].reduce((sum, c) => sum + ((((f * 3 + c) * 7) % 5) - 2), 0))
    expect([...dX!.subarray(0, 2)]).toEqual([(sums[0]! * 2) / 4, (sums[1]! * 2) / 0.5].map((v) => expect.closeTo(v, 4)))
  })
})

describe('a small file that asks for huge values', () => {
  it('is refused before anything is allocated', async () => {
    const bomb = classifier(3, (g, scores) =>
      g.reduceMax(g.expand(g.unsqueeze(scores, [2, 3]), [1, 1, 1e6, 1e6]), [2, 3]),
    )
    await expect(bomb).rejects.toMatchObject({ code: 'MODEL_UNSAFE' })
  })
})

describe('batches', () => {
  it('make no difference, and cost what they say', async () => {
    const [small, large] = [await classifier(3, (_, s) => s, { batch: 1 }), await classifier(3, (_, s) => s)]
    const targets = [targetOf(small, 'scores'), targetOf(large, 'scores')]
    const [a, b] = [await targets[0]!.logits(rows, 3), await targets[1]!.logits(rows, 3)]
    expect(a).toEqual(b)
    expect(targets.map(({ queries }) => queries.forward)).toEqual([3, 3])
  })
})

describe('files that are not ONNX', () => {
  it.each(['model.pt', 'model.pkl', 'model.h5', 'model.safetensors'])(
    '%s is refused with a way to export it',
    async (name) => {
      const path = join(newFolder(), name)
      writeFileSync(path, 'cos\nsystem\n(S"exit 1"\ntR.')
      await expect(openClassifier(path)).rejects.toMatchObject({
        code: 'MODEL_FORMAT_UNSUPPORTED',
        hint: expect.stringContaining('onnx'),
      })
    },
  )

  it('a text file by the name of a model is corrupt, a missing one is missing', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'model.onnx'), 'hello')
    await expect(openClassifier(join(folder, 'model.onnx'))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringContaining('model.onnx: '),
    })
    await expect(openClassifier(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(openClassifier(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})
