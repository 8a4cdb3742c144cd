import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readNpy, readNpz } from '../../src/data/index.ts'
import { example, fixture, relativeError } from '../support/fixtures.ts'
import { bartizan, scratch } from './bartizan.ts'

const file = scratch()
const cnn = ['--model', example('digits/digits.onnx')]

describe('bartizan gradient', () => {
  it.each([
    ['cross-entropy', 'ce'],
    ['margin', 'margin'],
    ['dlr', 'dlr'],
    ['targeted-dlr', 'dlr_targeted_next'],
    ['targeted-cross-entropy', 'neg_ce_targeted_next'],
  ])('of %s is what an independent tool computed', async (loss, key) => {
    const rows = fixture('results/mnist-cnn.losses16.npz')
    const flags = ['--loss', loss, '--save', file(`${key}.npy`), '--json', file(`${key}.json`)]
    const { exitCode, stderr } = await bartizan('gradient', ...cnn, '--data', rows, ...flags)
    expect(exitCode, stderr).toBe(0)
    const stored = await readNpz(rows)
    const saved = await readNpy(file(`${key}.npy`))
    expect(saved).toMatchObject({ dtype: 'float32', shape: [16, 1, 28, 28] })
    expect(relativeError(saved.data as Float32Array, stored[`${key}_grad`]!.data as Float32Array)).toBeLessThan(1e-4)
    const mean = Array.from(stored[key]!.data, Number).reduce((sum, value) => sum + value / 16, 0)
    const result = JSON.parse(await readFile(file(`${key}.json`), 'utf8'))
    expect(result).toMatchObject({ loss, rows: 16, of: 'input', zeroRows: 0 })
    expect(Math.abs(result.meanLoss - mean)).toBeLessThan(1e-4 * Math.max(1, Math.abs(mean)))
  })

  it('of the weights is that of the mean loss, by the names in the file', async () => {
    const rows = fixture('results/mnist-cnn.losses16.npz')
    const flags = ['--of', 'weights', '--save', file('w.npz')]
    const { exitCode, stdout, stderr } = await bartizan('gradient', ...cnn, '--data', rows, ...flags)
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain('c1.weight')
    const [saved, stored] = [
      await readNpz(file('w.npz')),
      await readNpz(fixture('results/mnist-cnn.weight-gradients.npz')),
    ]
    const names = Object.keys(stored).filter((name) => name.includes('.'))
    expect(Object.keys(saved).sort()).toEqual(names.sort())
    for (const name of names) {
      expect(saved[name]!.shape).toEqual(stored[name]!.shape)
      expect(relativeError(saved[name]!.data as Float32Array, stored[name]!.data as Float32Array)).toBeLessThan(1e-4)
    }
  })

  it('is taken at the embedding where rows are token ids', async () => {
    const flags = ['--model', fixture('models/token-transformer.onnx'), '--save', file('t.npy'), '--json', '-']
    const data = fixture('results/token-transformer.gradients.npz')
    const { exitCode, stdout, stderr } = await bartizan('gradient', '--data', data, ...flags)
    expect(exitCode, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ of: 'embedding', shape: [49, 32], zeroRows: 0 })
    expect((await readNpy(file('t.npy'))).shape).toEqual([16, 49, 32])
  })

  it.each([
    ['a loss with too few classes', ['--loss', 'dlr'], 2, 'USAGE'],
    ['a mistyped loss', ['--loss', 'crossentropy'], 2, 'USAGE'],
    ['normalisation in front of weights', ['--of', 'weights', '--mean', '0.5'], 2, 'USAGE'],
  ])('refuses %s', async (_, flags, exitCode, code) => {
    const model = ['--model', fixture('models/breast-cancer-mlp.onnx')]
    const data = ['--data', fixture('results/breast-cancer-mlp.gradients.npz')]
    const ended = await bartizan('gradient', ...model, ...data, '--save', file('no.npy'), ...flags)
    expect(ended.exitCode).toBe(exitCode)
    expect(ended.stderr).toContain(`error ${code}: `)
  })

  it('says which operator keeps a model from being differentiated', async () => {
    const model = ['--model', fixture('models/breast-cancer-forest.onnx')]
    const data = ['--data', fixture('results/breast-cancer-mlp.gradients.npz')]
    const ended = await bartizan('gradient', ...model, ...data, '--save', file('no.npy'))
    expect(ended.exitCode).toBe(3)
    expect(ended.stderr).toContain('TreeEnsembleClassifier')
  })
})
