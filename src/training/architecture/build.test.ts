import { describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { createSession } from '../../onnx/session.ts'
import { sizeOf } from '../../onnx/tensor.ts'
import type { Model } from '../../onnx/types.ts'
import { type BuildOptions, buildArchitecture } from './build.ts'
import { layerKinds } from './layers/index.ts'
import { parseArchitecture } from './parse.ts'

const build = (text: string, input: readonly number[], options: Partial<BuildOptions> = {}): Model =>
  buildArchitecture(parseArchitecture(text), { input, classes: 10, seed: 0, ...options })

const parameters = ({ graph }: Model): number =>
  [...graph.initializers].filter(([name]) => /weight|bias/.test(name)).reduce((n, [, { data }]) => n + data.length, 0)

const shapes = ({ graph }: Model): Record<string, readonly number[]> =>
  Object.fromEntries([...graph.initializers].map(([name, { dims }]) => [name, dims]))

/** Logits of normal rows. */
const logits = async (model: Model, rows = 3): Promise<Float32Array> => {
  const dims = [rows, ...(model.graph.inputs[0]!.dims!.slice(1) as number[])]
  const random = stream('rows')
  const data = Float32Array.from({ length: sizeOf(dims) }, () => random.normal())
  const session = await createSession(model)
  const results = await session.run({ input: { dtype: 'float32', dims, data } })
  await session.release()
  expect(results.logits!.dims).toEqual([rows, model.graph.outputs[0]!.dims![1]])
  return results.logits!.data as Float32Array
}

describe('presets', () => {
  it.each([
    ['mnist-cnn', [1, 28, 28], 215_370],
    ['mlp', [1, 28, 28], 784 * 256 + 256 + 256 * 128 + 128 + 1290],
    ['small-resnet', [3, 32, 32], 78_042],
  ] as const)('%s runs and has its number of parameters', async (name, input, count) => {
    const model = build(name, input)
    expect(parameters(model)).toBe(count)
    expect((await logits(model)).every(Number.isFinite)).toBe(true)
  })

  it("mnist-cnn has the reference network's weights", () => {
    expect(shapes(build('mnist-cnn', [1, 28, 28]))).toEqual({
      'conv1.weight': [16, 1, 5, 5],
      'conv1.bias': [16],
      'conv2.weight': [32, 16, 5, 5],
      'conv2.bias': [32],
      'fc1.weight': [128, 1568],
      'fc1.bias': [128],
      'fc2.weight': [10, 128],
      'fc2.bias': [10],
    })
  })
})

describe('initial weights', () => {
  const text = 'conv 8 3x3 groups 2, relu, dense 50, dense classes'

  it('fill the range of ±1/√(fan in) evenly', () => {
    const { graph } = build(text, [4, 6, 6])
    for (const [name, fanIn] of [
      ['conv1.weight', 2 * 9],
      ['fc1.weight', 8 * 36],
      ['fc2.weight', 50],
    ] as const) {
      const values = graph.initializers.get(name)!.data as Float32Array
      const bound = 1 / Math.sqrt(fanIn)
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(bound)
      // A uniform variable's variance is bound² / 3, its fourth moment bound⁴ / 5.
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length
      expect(Math.abs(variance / (bound * bound) - 1 / 3)).toBeLessThan(4 * Math.sqrt((1 / 5 - 1 / 9) / values.length))
    }
  })

  it('follow from the seed and the name, whatever else is in the network', () => {
    const of = (model: Model, name: string) => model.graph.initializers.get(name)!.data
    const model = build(text, [4, 6, 6])
    expect(of(build(text, [4, 6, 6]), 'fc2.weight')).toEqual(of(model, 'fc2.weight'))
    expect(of(build(text, [4, 6, 6], { seed: 1 }), 'fc2.weight')).not.toEqual(of(model, 'fc2.weight'))
    expect(of(build(text.replace('relu', 'batchnorm, tanh'), [4, 6, 6]), 'fc2.weight')).toEqual(of(model, 'fc2.weight'))
    expect(of(model, 'fc1.bias')).not.toEqual(of(model, 'fc2.weight').slice(0, 50))
  })
})

describe('layers', () => {
  const example = (usage: string, name: string) =>
    usage
      .replace(/\[ LAYERS \]/, '[ conv 4, relu ]')
      .replace(/ \[.*\]$/, (rest) => (rest.includes('conv') ? rest : ''))
      .replace(/CHANNELS|KERNEL|GROUPS/, '2')
      .replace('UNITS|classes', '6')
      .replace(usage.split(' ')[0]!, name)

  it.each(layerKinds.flatMap(({ name, usage }) => [name].flat().map((alias) => [alias, usage] as const)))(
    '%s runs in a network as its usage says',
    async (name, usage) => {
      const model = build(`conv 4, ${example(usage, name)}, dense classes`, [1, 6, 6])
      expect((await logits(model)).every(Number.isFinite)).toBe(true)
    },
  )

  it.each([
    ['conv 4 3 stride 2', [2, 7, 7], [4, 4, 4]],
    ['conv 4 4', [2, 7, 7], [4, 7, 7]],
    ['conv 4 3x5 pad 0', [2, 7, 7], [4, 5, 3]],
    ['conv 4 3', [2, 9], [4, 9]],
    ['maxpool 2', [2, 7, 7], [2, 3, 3]],
    ['maxpool 3 stride 2 pad 1', [2, 7, 7], [2, 4, 4]],
    ['avgpool 2 stride 1 pad same', [2, 7, 7], [2, 7, 7]],
    ['residual [ conv 4 stride 2 ]', [2, 7, 7], [4, 4, 4]],
    ['residual [ conv 4 pad 0 ]', [2, 5, 8], undefined],
  ] as const)('%s of rows %j', (text, input, row) => {
    const [layer] = parseArchitecture(text)
    const flat = () => shapes(build(`${text}, dense 1`, input))['fc1.weight']
    if (row) expect(flat()).toEqual([1, sizeOf(row)])
    else
      expect(flat).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', data: { word: layer!.name, character: 1 } }),
      )
  })

  it('a residual block adds its input, brought to its sizes', async () => {
    const names = (text: string) => Object.keys(shapes(build(`${text}, dense 1`, [2, 6, 6])))
    expect(names('residual [ conv 2 ]')).not.toContain('block1.downsample1.weight')
    expect(names('residual [ conv 4 stride 2 ]')).toContain('block1.downsample1.bias')
    expect(names('residual [ conv 4, batchnorm ]')).toContain('block1.downsample1.bn.running_var')
    expect(names('residual [ residual [ conv 2 ] ]')).toContain('block1.block1.conv1.weight')
    // A convolution of one 1x1 kernel is linear, so the block is the map plus the identity.
    const alone = build('conv 2 1 bias no, dense 3', [2, 1, 1])
    const block = build('residual [ conv 2 1 bias no ], dense 3', [2, 1, 1])
    const [kernel, weight, bias] = ['conv1.weight', 'fc1.weight', 'fc1.bias'].map((name) =>
      Array.from(alone.graph.initializers.get(name)!.data as Float32Array),
    ) as [number[], number[], number[]]
    const inner = Array.from(block.graph.initializers.get('block1.conv1.weight')!.data as Float32Array)
    const random = stream('rows')
    const x = [random.normal(), random.normal()]
    const expected = (matrix: readonly number[], identity: number) =>
      [0, 1, 2].map((k) =>
        [0, 1].reduce(
          (sum, i) =>
            sum + weight[2 * k + i]! * (identity * x[i]! + matrix[2 * i]! * x[0]! + matrix[2 * i + 1]! * x[1]!),
          bias[k]!,
        ),
      )
    const [plain, added] = [await logits(alone, 1), await logits(block, 1)]
    for (const k of [0, 1, 2]) {
      expect(plain[k]).toBeCloseTo(expected(kernel, 0)[k]!, 5)
      expect(added[k]).toBeCloseTo(expected(inner, 1)[k]!, 5)
    }
  })
})

describe('what does not fit', () => {
  it.each([
    ['conv 8, dense classes', [30], 'conv'],
    ['dense 8, maxpool 2', [1, 8, 8], 'maxpool'],
    ['conv 8 9 pad 0, dense classes', [1, 8, 8], 'conv'],
    ['conv 8 3x3x3, dense classes', [1, 8, 8], 'conv'],
    ['conv 8 groups 3, dense classes', [3, 8, 8], 'conv'],
    ['groupnorm 3, dense classes', [4, 8, 8], 'groupnorm'],
    ['maxpool 2 pad 2, dense classes', [4, 8, 8], 'maxpool'],
    ['residual [ dense 4 ], dense classes', [4, 8, 8], 'residual'],
  ] as const)('%s of rows %j is refused at "%s"', (text, input, word) => {
    expect(() => build(text, input)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', data: expect.objectContaining({ word }) }),
    )
  })

  it.each([
    ['conv 8', [1, 8, 8], {}],
    ['dense classes', [4], { classes: undefined }],
    ['dense 10', [0], {}],
    ['dense 1000000', [3, 1000, 1000], {}],
  ] as const)('%s of rows %j, %j is refused', (text, input, options) => {
    expect(() => build(text, input, options)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
})
