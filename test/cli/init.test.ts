import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/assessment/config/index.ts'
import { example, fixture } from '../support/fixtures.ts'
import { bartizan, scratch } from './bartizan.ts'

const file = scratch()

describe('bartizan init', () => {
  it('finds labels, scale, range, accuracy and budgets of images by itself', async () => {
    for (const [from, to] of [
      ['digits.onnx', 'digits.onnx'],
      ['images-idx3-ubyte', 't10k-images-idx3-ubyte'],
      ['labels-idx1-ubyte', 't10k-labels-idx1-ubyte'],
    ] as const)
      await copyFile(example(`digits/${from}`), file(to))
    const flags = ['--data', file('t10k-images-idx3-ubyte'), '--out', file('digits.yaml')]
    const { exitCode, stdout, stderr } = await bartizan('init', file('digits.onnx'), ...flags)
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain(`bartizan assess ${file('digits.yaml')}`)
    const { config } = await loadConfig(file('digits.yaml'))
    expect(config.model).toMatchObject({ path: file('digits.onnx'), input: { range: [0, 1], units: 'byte/255' } })
    expect(config.data).toMatchObject({
      path: file('t10k-images-idx3-ubyte'),
      labels: file('t10k-labels-idx1-ubyte'),
      rows: { from: 0, to: 256 },
      scale: 1 / 255,
    })
    expect(config.accuracy?.declared).toBeGreaterThan(0.98)
    expect(config.threat.norms).toEqual([{ norm: 'linf', epsilon: [0.1, 0.2, 0.3] }])
    const text = await readFile(file('digits.yaml'), 'utf8')
    expect(text).toContain('path: digits.onnx')
    expect(text).toContain('bytes divided by 255')
  })

  it('finds label and features of a table, and says what one budget can not do', async () => {
    const flags = ['--data', fixture('data/breast-cancer.csv'), '--out', file('table.yaml'), '--json', '-']
    const { exitCode, stdout, stderr } = await bartizan('init', fixture('models/breast-cancer-mlp.onnx'), ...flags)
    expect(exitCode, stderr).toBe(0)
    const { from, notes } = JSON.parse(stdout)
    expect(from.label).toBe('target')
    expect(from.columns).toHaveLength(30)
    expect(notes.join(' ')).toMatch(/scale the features alike.*not used in training/)
    const { config } = await loadConfig(file('table.yaml'))
    expect(config.data.label).toBe('target')
    expect(basename(config.data.path)).toBe('breast-cancer.csv')
  })

  it('never overwrites a configuration unless told to', async () => {
    await writeFile(file('mine.yaml'), '# mine\n')
    const args = [
      'init',
      example('digits/digits.onnx'),
      '--data',
      example('digits/images-idx3-ubyte'),
      '--out',
      file('mine.yaml'),
    ]
    const refused = await bartizan(...args)
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused.stderr).toContain('--force')
    expect(await readFile(file('mine.yaml'), 'utf8')).toBe('# mine\n')
    expect((await bartizan(...args, '--force')).exitCode).toBe(0)
    expect(await readFile(file('mine.yaml'), 'utf8')).not.toContain('# mine')
  })

  it('asks for labels that it can not find', async () => {
    await copyFile(example('digits/images-idx3-ubyte'), file('alone-idx3-ubyte'))
    const flags = ['--data', file('alone-idx3-ubyte'), '--out', file('no.yaml')]
    const { exitCode, stderr } = await bartizan('init', example('digits/digits.onnx'), ...flags)
    expect(exitCode).toBe(3)
    expect(stderr).toContain('--labels FILE')
  })

  it('refuses token ids, for which there is nothing to assess yet', async () => {
    const flags = ['--data', fixture('results/token-transformer.gradients.npz'), '--out', file('no.yaml')]
    const { exitCode, stderr } = await bartizan('init', fixture('models/token-transformer.onnx'), ...flags)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('error ATTACK_NOT_APPLICABLE: ')
  })
})
