import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BartizanError, isBartizanError } from '../../base/errors.ts'
import { scratchFolders } from '../../base/testing.ts'
import { configFromFlags, loadConfig, parseConfig, reportedPath } from './index.ts'

const failure = (text: string): BartizanError => {
  try {
    parseConfig(text, 'bartizan.yaml')
  } catch (error) {
    if (isBartizanError(error, 'CONFIG_INVALID')) return error
    throw error
  }
  throw new Error('it was accepted')
}

const minimal = 'model: {path: m.onnx}\ndata: {path: d.npy, labels: y.npy}\n'

describe('parseConfig', () => {
  it('fills in the defaults and anchors relative paths at the folder of the file', () => {
    const { config, folder } = parseConfig(minimal, '/project/bartizan.yaml')
    expect(folder).toBe('/project')
    expect(config).toMatchObject({
      model: { path: '/project/m.onnx', input: { range: [0, 1] }, output: 'auto' },
      data: { path: '/project/d.npy', labels: '/project/y.npy' },
      threat: { access: 'white-box' },
      battery: 'auto',
      gates: [],
      seed: 0,
      out: '/project',
    })
  })

  it('leaves absolute paths and column names as they are', () => {
    const { config } = parseConfig('model: {path: /m.onnx}\ndata: {path: /d.csv, label: y}\n', '/project/bartizan.yaml')
    expect(config.model.path).toBe('/m.onnx')
    expect(config.data.label).toBe('y')
  })

  it('reads fractions, row ranges and single budgets', () => {
    const { config } = parseConfig(
      `${minimal.replace('labels: y.npy', 'rows: 10:20, scale: 1/255')}threat:
  norms: [{norm: linf, epsilon: 8/255}, {norm: l2, epsilon: [0.5, 2]}]
gates: [{id: a, metric: robust-accuracy, norm: linf, epsilon: 8/255, at-least: 0.5}]`,
      'bartizan.yaml',
    )
    expect(config.data).toMatchObject({ rows: { from: 10, to: 20 }, scale: 1 / 255 })
    expect(config.threat.norms).toEqual([
      { norm: 'linf', epsilon: [8 / 255] },
      { norm: 'l2', epsilon: [0.5, 2] },
    ])
    expect(config.gates[0]).toEqual({
      id: 'a',
      metric: 'robust-accuracy',
      norm: 'linf',
      epsilon: 8 / 255,
      atLeast: 0.5,
      judgeBy: 'value',
    })
  })
})

describe('a mistake in bartizan.yaml', () => {
  it('is reported with file, line and column of the key, and the key that was meant', () => {
    const { message } = failure('model:\n  path: m.onnx\n  preprocesing: {mean: [0.5]}\ndata: {path: d.npy}\n')
    expect(message).toBe('bartizan.yaml:3:3: unknown key "preprocesing" in model; did you mean "preprocessing"?')
  })

  it('names the known keys where none is near', () => {
    expect(failure(`${minimal}threat: {zebra: 1}`).message).toMatch(/known keys: access, surrogates, norms/)
  })

  it('is found inside a list of a union', () => {
    const { message } = failure(`${minimal}battery:\n  - attack: pgd\n  - atack: fgsm\n`)
    expect(message).toContain('bartizan.yaml:5:5: unknown key "atack" in battery[1]; did you mean "attack"?')
    expect(message).toContain('battery[1].attack is missing')
  })

  it.each([
    ['seed: 1.5', 3, 7, 'seed: expected a whole number, found 1.5'],
    ['seed: -1', 3, 7, 'seed: must be at least 0, found -1'],
    ['accuracy: {declared: 99}', 3, 22, 'accuracy.declared: must be at most 1, found 99'],
    ['threat: {access: whitebox}', 3, 18, 'threat.access: expected one of white-box, scores, labels, found "whitebox"'],
    [
      'threat: {norms: [{norm: linf, epsilon: 8/0}]}',
      3,
      40,
      'expected a number or a fraction such as "8/255", found "8/0"',
    ],
    [
      'threat: {norms: [{norm: linf, epsilon: [0.1, -0.1]}]}',
      3,
      46,
      'threat.norms[0].epsilon[1]: must be greater than 0',
    ],
    ['gates: [{id: a, metric: robust-accuracy, norm: linf, epsilon: 0.1, at-least: 50}]', 3, 78, 'not a percentage'],
    ['gates: [{id: a, metric: clean-accuracy}]', 3, 9, 'give at-least or at-most'],
    ['gates: 3', 3, 8, 'gates: expected a list, found 3'],
  ])('%s', (line, row, column, message) => {
    const error = failure(minimal + line)
    expect(error.message).toContain(`bartizan.yaml:${row}:${column}: `)
    expect(error.message).toContain(message)
  })

  it('does not hide another: all are listed at once, in order of appearance', () => {
    const error = failure('modle: {path: m.onnx}\ndata: {path: d.npy, rows: 9:3}\nseed: x\n')
    const lines = (error.data.problems as { line: number }[]).map(({ line }) => line)
    expect(lines).toEqual([1, 1, 2, 3])
    expect(error.message).toMatch(/^4 problems in bartizan.yaml/)
    expect(error.hint).toBeTruthy()
    expect(error.exitCode).toBe(2)
  })

  it.each([
    ['a: [1, 2\nb: 3', 'flow'],
    ['model: {path: a}\nmodel: {path: b}\n', 'unique'],
    ['a: "unclosed\n', 'closing'],
    ['', 'mapping'],
    ['- 1\n', 'mapping'],
  ])('YAML %j is refused with a place', (text, word) => {
    expect(failure(text).message).toMatch(new RegExp(`bartizan.yaml:\\d+:\\d+: .*${word}`, 'i'))
  })

  it('refuses labels given twice and a gate id used twice', () => {
    expect(failure('model: {path: m}\ndata: {path: d, labels: y, label: z}').message).toContain('not both')
    const gates = 'gates:\n  - {id: a, metric: flags, at-most: 0}\n  - {id: a, metric: findings, at-most: 0}\n'
    expect(failure(minimal + gates).message).toContain('bartizan.yaml:5:10: gates[1].id: the gate id "a" is used twice')
  })

  it('refuses a nest of aliases that would grow without limit', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`)
    expect(failure(`l0: &l0 [x]\n${levels.join('\n')}\n`).code).toBe('CONFIG_INVALID')
  })
})

describe('loadConfig', () => {
  const newFolder = scratchFolders()

  it('tells a missing file, a folder and a huge file from a bad one', async () => {
    const folder = newFolder()
    await expect(loadConfig(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(loadConfig(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    const huge = join(folder, 'huge.yaml')
    await writeFile(huge, Buffer.alloc((1 << 20) + 1, 0x23))
    await expect(loadConfig(huge)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    const good = join(folder, 'bartizan.yaml')
    await writeFile(good, minimal)
    expect((await loadConfig(good)).config.model.path).toBe(join(folder, 'm.onnx'))
  })
})

describe('configFromFlags', () => {
  it('fills in the same defaults, and refuses with USAGE', () => {
    expect(configFromFlags({ model: { path: 'm' }, data: { path: 'd', rows: '0:8' } }).data.rows).toEqual({
      from: 0,
      to: 8,
    })
    expect(() => configFromFlags({ model: { path: 'm' }, data: { path: 'd', rows: 'x' } })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })
})

describe('reportedPath', () => {
  it('is relative to the configuration, whatever the machine', () => {
    expect(reportedPath('/a/b', '/a/b/models/m.onnx')).toBe('models/m.onnx')
    expect(reportedPath('/a/b', '/a/m.onnx')).toBe('../m.onnx')
  })
})
