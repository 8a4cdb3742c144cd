import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConfigAnswers, configJsonSchema, configLocator, parseConfig, renderConfig } from './index.ts'

const answers: ConfigAnswers = {
  model: {
    path: 'mnist-cnn.onnx',
    summary: 'opset 13, 215370 parameters, from pytorch 1.13',
    range: [0, 1],
    rangeReason: 'lowest and highest value of the rows',
    units: 'byte/255',
    shape: [1, 28, 28],
    output: 'logits',
    outputReason: 'rows do not sum to 1',
  },
  data: {
    path: 'images-idx3-ubyte',
    summary: '1024 rows, 10 classes',
    labels: 'labels-idx1-ubyte',
    rows: [0, 256],
    scale: '1/255',
  },
  accuracy: 0.9961,
  threat: { access: 'white-box', norms: [{ norm: 'linf', epsilon: [0.1, '8/255'] }] },
  gates: [
    { id: 'clean', metric: 'clean-accuracy', atLeast: 0.97 },
    { id: 'linf', metric: 'robust-accuracy', norm: 'linf', epsilon: 0.1, atLeast: 0.5 },
  ],
}

describe('renderConfig', () => {
  it('writes what loads again with the same meaning', () => {
    const { config } = parseConfig(renderConfig(answers), '/p/bartizan.yaml')
    expect(config.model).toEqual({
      path: '/p/mnist-cnn.onnx',
      input: { range: [0, 1], units: 'byte/255', shape: [1, 28, 28] },
      output: 'logits',
    })
    expect(config.data).toEqual({
      path: '/p/images-idx3-ubyte',
      labels: '/p/labels-idx1-ubyte',
      rows: { from: 0, to: 256 },
      scale: 1 / 255,
    })
    expect(config.accuracy).toEqual({ declared: 0.9961, tolerance: 0.02 })
    expect(config.threat.norms).toEqual([{ norm: 'linf', epsilon: [0.1, 8 / 255] }])
    expect(config.gates.map(({ id, atLeast }) => [id, atLeast])).toEqual([
      ['clean', 0.97],
      ['linf', 0.5],
    ])
  })

  it('says in a comment what every section means', () => {
    const sections = renderConfig(answers).split('\n\n')
    for (const section of sections) expect(section).toMatch(/^# /)
  })

  it('loads whatever the names and the metadata hold', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'binary' }),
        fc.constantFrom('yes', '1e3', 'null', 'a, b]', "it's: #1", '- x', '&a', 'é/ü.onnx'),
        (wild, tricky) => {
          const text = renderConfig({
            ...answers,
            model: { ...answers.model, summary: `${wild}\nseed: 9`, units: tricky },
            data: { ...answers.data, columns: [wild, tricky], label: wild, labels: undefined },
          })
          const { config } = parseConfig(text, '/p/bartizan.yaml')
          expect(config.seed).toBe(0)
          expect(config.data.columns).toEqual([wild, tricky])
          expect(config.data.label).toBe(wild)
          expect(config.model.input.units).toBe(tricky)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('configLocator', () => {
  const loaded = parseConfig(renderConfig(answers), '/repo/ml/bartizan.yaml')
  const lines = renderConfig(answers).split('\n')
  const locator = configLocator(loaded, '/repo')

  it('points at the line of the gate and of the norm', () => {
    expect(locator.uri).toBe('ml/bartizan.yaml')
    expect(lines[locator.gate('linf').line - 1]).toContain('- id: linf')
    expect(lines[locator.threat('linf').line - 1]).toContain('- norm: linf')
  })

  it('falls back to the section', () => {
    expect(lines[locator.gate('none').line - 1]).toContain('- id: clean')
    expect(lines[locator.threat(undefined).line - 1]).toContain('- norm: linf')
    expect(parseConfig('model: {path: m}\ndata: {path: d}', 'b.yaml').source.positionOf(['gates'])).toEqual({
      line: 1,
      column: 1,
    })
  })
})

describe('configJsonSchema', () => {
  it('describes the file as written: fractions are strings, defaults are not required', () => {
    expect(configJsonSchema()).toMatchObject({
      type: 'object',
      required: ['model', 'data'],
      additionalProperties: false,
      properties: { gates: { items: { properties: { 'at-least': { type: 'number' } } } } },
    })
  })
})

describe('proposed features', () => {
  const features = [
    { name: 'age', range: [18, 90] as const, step: 1 },
    { name: 'a: #1', range: [0, 1] as const, step: 1, values: [0, 1] },
    { name: 'income', range: [-1.5, 2e6] as const },
  ]
  const text = renderConfig({ ...answers, features })

  it('are comments', () => {
    expect(parseConfig(text, 'b.yaml').config.features).toBeUndefined()
  })

  it('hold once the comment signs are taken off', () => {
    const from = text.indexOf('# features:')
    const section = text.slice(from, text.indexOf('\n\n', from) === -1 ? undefined : text.indexOf('\n\n', from))
    const open = section
      .split('\n')
      .map((line) => line.replace(/^# /, ''))
      .join('\n')
    const { features: read } = parseConfig(`model: {path: m}\ndata: {path: d}\n${open}`, 'b.yaml').config
    expect(read).toMatchObject({
      scale: 'deviation',
      columns: {
        age: { range: [18, 90], step: 1 },
        'a: #1': { range: [0, 1], step: 1 },
        income: { range: [-1.5, 2e6] },
      },
    })
  })
})
