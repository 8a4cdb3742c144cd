import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../assessment/config/index.ts'
import { stream } from '../../base/random.ts'
import { scratchFolders } from '../../base/testing.ts'
import { graphBuilder } from '../../onnx/builder.ts'
import { modelOf } from '../../onnx/session.ts'
import { writeModel } from '../../onnx/write.ts'
import { initText } from '../text/init-text.ts'
import type { InitCommand } from './findings.ts'
import { initProject } from './init-project.ts'

const newFolder = scratchFolders()
const random = stream('init-tasks')
const rows = Array.from({ length: 60 }, () => [random.uniform(), random.uniform()] as const)

/** y = W x + b on two columns, and a table of 60 rows; what `init` writes for them. */
const init = async (
  { weights, biases, squashed = false }: { weights: number[][]; biases: number[]; squashed?: boolean },
  columns: Readonly<Record<string, (a: number, b: number) => number | string>>,
  flags: Partial<InitCommand> = {},
) => {
  const folder = newFolder()
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', 2])
  const W = g.constant('float32', [weights.length, 2], weights.flat())
  const y = g.op('Gemm', [x, W, g.constant('float32', [weights.length], biases)], { transB: 1 })
  g.output('y', squashed ? g.sigmoid(y) : y)
  writeFileSync(join(folder, 'model.onnx'), writeModel(modelOf(g.build(['y']))))
  const names = Object.keys(columns)
  const lines = rows.map(([a, b]) => [a, b, ...names.map((name) => columns[name]!(a, b))].join(','))
  writeFileSync(join(folder, 'rows.csv'), `${['a', 'b', ...names].join(',')}\n${lines.join('\n')}\n`)
  const out = join(folder, 'bartizan.yaml')
  const command = { model: join(folder, 'model.onnx'), data: join(folder, 'rows.csv'), out } as const
  const findings = await initProject({ ...command, task: 'auto', force: false, threads: 1, ...flags })
  const text = readFileSync(out, 'utf8')
  return {
    findings,
    text,
    config: parseConfig(text, out).config,
    said: initText({ data: 'rows.csv', out }, findings, 100),
  }
}

const line = { weights: [[3, 2]], biases: [1] }
const price = (a: number, b: number): number => 3 * a + 2 * b + 1 + (a > 0.5 ? 0.25 : -0.25)

describe('bartizan init for models that predict no class', () => {
  it.each([
    ['told so', { label: 'price', task: 'regression' }],
    ['by numbers in the label column of a model with one output', { label: 'price' }],
  ] as const)('numbers: %s', async (_, flags) => {
    const { config, findings, text, said } = await init(line, { price }, flags)
    expect(findings.task).toMatchObject({ kind: 'regression', direction: 'either' })
    expect(config.model.task).toBe('regression')
    expect(config.data.label).toBe('price')
    expect(config.error?.declared).toBeCloseTo(0.25, 3)
    expect(config.accuracy).toBeUndefined()
    const { tolerance } = config.threat.goal!
    // Half the standard deviation of 3a + 2b, whose parts have √(1/12): about 0.5.
    expect(tolerance).toBeGreaterThan(0.35)
    expect(tolerance).toBeLessThan(0.75)
    expect(config.gates.map(({ metric }) => metric)).toEqual(['mean-absolute-error', 'robust-share'])
    expect(config.gates[0]!.atMost).toBeCloseTo(0.275, 3)
    expect(text).not.toContain('accuracy:')
    expect(said).toMatch(/predicts +numbers/)
    expect(said).not.toMatch(/accuracy/i)
  })

  it('one logit with labels 0 and 1 stays a classifier', async () => {
    const { config, findings } = await init({ weights: [[4, 0]], biases: [-2] }, { y: (a) => (a > 0.5 ? 1 : 0) })
    expect(findings.task.kind).toBe('classification')
    expect(config.model.task).toBeUndefined()
    expect(config.accuracy?.declared).toBe(1)
    expect(config.gates.map(({ metric }) => metric)).toEqual(['clean-accuracy', 'robust-accuracy'])
  })

  it('one logit with the names of two classes stays a classifier', async () => {
    const { findings, config } = await init(
      { weights: [[4, 0]], biases: [-2] },
      { species: (a) => (a > 0.5 ? 'oak' : 'ash') },
    )
    expect(findings.task.kind).toBe('classification')
    expect(config.accuracy?.declared).toBe(1)
  })

  const labels = { speech: (a: number) => (a > 0.5 ? 1 : 0), music: (_: number, b: number) => (b > 0.5 ? 1 : 0) }
  const tags = {
    weights: [
      [4, 0],
      [0, 4],
    ],
    biases: [-2, -2],
    squashed: true,
  }

  it('labels that each hold or not', async () => {
    const { config, findings, said } = await init(tags, labels, { labelColumns: ['speech', 'music'] })
    expect(findings.task).toEqual({ kind: 'multi-label', flips: 1 })
    expect(config.model.task).toBe('multi-label')
    expect(config.data).toMatchObject({ 'label-columns': ['speech', 'music'], columns: ['a', 'b'] })
    expect(config.threat.goal).toEqual({ flips: 'any' })
    expect(config.accuracy?.declared).toBe(1)
    expect(config.gates.map(({ metric }) => metric)).toEqual(['clean-share', 'robust-share'])
    expect(said).toContain('labels that each hold or not')
  })

  it('several numbers', async () => {
    const two = {
      weights: [
        [3, 2],
        [1, 0],
      ],
      biases: [1, 0],
    }
    const { config } = await init(two, { price, size: (a) => a + 7 }, { labelColumns: ['price', 'size'] })
    expect(config.model.task).toBe('regression')
    expect(config.error?.declared).toBeCloseTo((0.25 + 7) / 2, 2)
  })
})
