import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readNpy, writeNpy, writeTextAtomically } from '../../src/data/index.ts'
import { graphBuilder } from '../../src/onnx/builder.ts'
import { modelOf } from '../../src/onnx/session.ts'
import { writeModel } from '../../src/onnx/write.ts'
import { example, fixture, relativeError, stored } from '../support/fixtures.ts'
import { bartizan, digits, scratch } from './bartizan.ts'

const file = scratch()

describe('bartizan predict', () => {
  it('saves the scores that an independent tool computed', async () => {
    const rows = fixture('results/mnist-cnn.gradients.npz')
    const { exitCode, stdout, stderr } = await bartizan(
      'predict',
      ...digits.slice(0, 2),
      '--data',
      rows,
      '--save',
      file('y.npy'),
    )
    expect(exitCode, stderr).toBe(0)
    const scores = await readNpy(file('y.npy'))
    expect(scores).toMatchObject({ dtype: 'float32', shape: [16, 10] })
    const { of } = await stored('mnist-cnn.gradients')
    expect(relativeError(scores.data as Float32Array, of('logits'))).toBeLessThan(1e-5)
    expect(stdout).toContain('accuracy 100.0 % (80.6–100.0 %, n 16)')
  })

  it('saves probabilities where the model gives probabilities, and reads only the named columns of a table', async () => {
    const flags = ['--data', fixture('data/breast-cancer.csv'), '--label', 'target', '--columns', await features()]
    const model = ['--model', fixture('models/breast-cancer-forest.onnx')]
    const ended = await bartizan('predict', ...model, ...flags, '--save', file('p.npy'), '--json', '-')
    expect(ended.exitCode, ended.stderr).toBe(0)
    const result = JSON.parse(ended.stdout)
    expect(result).toMatchObject({ rows: 569, classes: 2, outputKind: 'probabilities', saved: file('p.npy') })
    expect(result.accuracy.value).toBeGreaterThan(0.97)
    expect(result.counts[0] + result.counts[1]).toBe(569)
    const { data } = await readNpy(file('p.npy'))
    expect(Number(data[0]) + Number(data[1])).toBeCloseTo(1, 5)
  })

  it('normalises with --mean and --std', async () => {
    const plain = await bartizan('predict', ...digits, '--rows', '0:8', '--save', file('plain.npy'))
    // (x - 0.5) / 0.5 of rows that lie in -1 to 1 already gives the same scores.
    const scaled = ['--rows', '0:8', '--mean', '0.5', '--std', '0.5', '--save', file('same.npy')]
    const { x, shape } = await halves()
    await writeNpy(file('halves.npy'), { dtype: 'float32', shape, data: x })
    const same = await bartizan('predict', ...digits.slice(0, 2), '--data', file('halves.npy'), ...scaled)
    expect([plain.exitCode, same.exitCode], same.stderr).toEqual([0, 0])
    const [a, b] = await Promise.all([readNpy(file('plain.npy')), readNpy(file('same.npy'))])
    expect(relativeError(b.data as Float32Array, a.data as Float32Array)).toBeLessThan(1e-5)
  })

  it('names the row for which a model gives NaN', async () => {
    const g = graphBuilder()
    g.output('logits', g.log(g.input('x', 'float32', ['batch', 2])))
    await writeFile(file('log.onnx'), writeModel(modelOf(g.build(['logits']))))
    await writeTextAtomically(file('rows.csv'), 'a,b\n1,2\n3,4\n5,-6\n')
    const { exitCode, stderr } = await bartizan('predict', '--model', file('log.onnx'), '--data', file('rows.csv'))
    expect(exitCode).toBe(3)
    expect(stderr).toContain('error MODEL_OUTPUT_INVALID: the model gives NaN for row 2')
  })

  it('refuses rows of another shape, and says both shapes', async () => {
    const model = fixture('models/breast-cancer-mlp.onnx')
    const ended = await bartizan('predict', '--model', model, '--data', example('digits/images-idx3-ubyte'))
    expect(ended.exitCode).toBe(3)
    expect(ended.stderr).toMatch(/DATA_SHAPE_MISMATCH: .*\[28, 28\].*\[30\]/)
  })
})

const features = async (): Promise<string> => {
  const { tableColumns } = await import('../../src/data/index.ts')
  const columns = (await tableColumns(fixture('data/breast-cancer.csv'))) ?? []
  return columns
    .filter(({ numeric, name }) => numeric && name !== 'target')
    .map(({ name }) => name)
    .join(',')
}

/** Eight rows x as x / 2 + 1 / 2. */
const halves = async () => {
  const { digits: rows } = await import('../support/fixtures.ts')
  const { x } = await rows(8)
  return { x: x.map((value) => value / 2 + 0.5), shape: [8, 1, 28, 28] }
}
