import { describe, expect, it } from 'vitest'
import { float, floats } from '../attributes.ts'
import { graphBuilder } from '../builder.ts'
import { createSession, modelOf } from '../session.ts'
import { tensor } from '../tensor.ts'
import type { Attribute, Graph } from '../types.ts'
import { type OldNode, oldGraph, upgradeDifferences } from './runtime-check.ts'
import { upgradeNodes } from './upgrade.ts'

const ints = (...values: readonly number[]) => tensor('int64', [values.length], values)
const reals = (...values: readonly number[]) => tensor('float32', [values.length], values)

/** One number for each of three channels of four activations. */
const grid = (from: number) =>
  tensor(
    'float32',
    [3, 4],
    Array.from({ length: 12 }, (_, i) => from + i / 20),
  )

const reductions = ['L1', 'L2', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare']
const versions = (op: string, of: readonly number[], rest: Omit<OldNode, 'op' | 'version'>): readonly OldNode[] =>
  of.map((version) => ({ op, version, ...rest }))

const cases: readonly OldNode[] = [
  ...reductions.flatMap((name) => [
    ...versions(`Reduce${name}`, [7, 11], { inputs: [[2, 3, 4]], attributes: { axes: [1, 2], keepdims: 0 } }),
    ...versions(`Reduce${name}`, [12], { inputs: [[2, 3]] }),
  ]),
  ...versions('ReduceMax', [13, 17], { inputs: [[2, 3, 4]], attributes: { axes: [-1] } }),
  ...versions('Squeeze', [7, 11], { inputs: [[2, 1, 3, 1]], attributes: { axes: [1, 3] } }),
  ...versions('Squeeze', [7], { inputs: [[2, 1, 3, 1]] }),
  ...versions('Unsqueeze', [7, 12], { inputs: [[2, 3]], attributes: { axes: [0, 2] } }),
  ...versions('Split', [7, 12], { inputs: [[2, 6]], attributes: { axis: 1, split: [1, 2, 3] }, outputs: 3 }),
  ...versions('Split', [7, 13, 17], { inputs: [[2, 6]], attributes: { axis: 1 }, outputs: 3 }),
  ...versions('Split', [13], { inputs: [[2, 6], ints(4, 2)], attributes: { axis: 1 }, outputs: 2 }),
  ...versions('Slice', [7, 9], { inputs: [[4, 5]], attributes: { starts: [1, -3], ends: [1000, -1] } }),
  ...versions('Slice', [7], { inputs: [[4, 5]], attributes: { starts: [1], ends: [3], axes: [1] } }),
  ...versions('Slice', [10], { inputs: [[4, 5], ints(4), ints(-9), ints(1), ints(-2)] }),
  ...['constant', 'reflect', 'edge'].flatMap((mode) =>
    versions('Pad', [7, 10], { inputs: [[3, 4]], attributes: { mode, pads: [1, 0, 2, 1] } }),
  ),
  ...versions('Pad', [7], { inputs: [[3, 4]], attributes: { pads: [0, 1, 0, 1], value: float(1.5) } }),
  ...versions('Pad', [10], {
    inputs: [[3, 4]],
    attributes: { pads: [0, 1, 0, 1], value: float(1.5) },
    dtype: 'float64',
  }),
  ...versions('Clip', [7, 10], { inputs: [[3, 4]], attributes: { min: float(-0.5), max: float(0.25) } }),
  ...versions('Clip', [7], { inputs: [[3, 4]], attributes: { max: float(0.25) } }),
  ...versions('Clip', [7], { inputs: [[3, 4]] }),
  ...versions('TopK', [7, 9], { inputs: [[3, 4]], attributes: { k: 2 }, outputs: 2 }),
  ...versions('TopK', [7], { inputs: [[3, 4]], attributes: { k: 2, axis: 0 }, outputs: 2 }),
  ...versions('TopK', [10], { inputs: [[3, 4], ints(2)], outputs: 2 }),
  ...versions('Dropout', [7, 10], { inputs: [[3, 4]], attributes: { ratio: float(0.3) } }),
  ...['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((op) => [
    ...versions(op, [7, 11], { inputs: [[2, 3, 4]] }),
    ...versions(op, [7, 12], { inputs: [[2, 3]] }),
    ...[0, 1, 2].flatMap((axis) => versions(op, [7, 12], { inputs: [[2, 3, 4]], attributes: { axis } })),
    ...versions(op, [11, 12], { inputs: [[2, 3, 4]], attributes: { axis: -2 } }),
    ...versions(op, [13], { inputs: [[2, 3, 4]], attributes: { axis: 1 } }),
  ]),
  ...versions('BatchNormalization', [7, 9, 13], {
    inputs: [[2, 3, 4], reals(1, 2, 3), reals(0, 1, 2), reals(0.1, 0.2, 0.3), reals(1, 4, 0.5)],
    attributes: { epsilon: float(1e-3) },
  }),
  ...versions('BatchNormalization', [7], {
    inputs: [[2, 3], reals(1, 2, 3), reals(0, 1, 2), reals(0.1, 0.2, 0.3), reals(1, 4, 0.5)],
    attributes: { spatial: 1 },
  }),
  ...versions('BatchNormalization', [7, 8], {
    inputs: [[2, 3, 4], grid(1), grid(0.1), grid(-0.3), grid(2)],
    attributes: { spatial: 0 },
  }),
  ...versions('GroupNormalization', [18, 20], {
    inputs: [[2, 6, 4], reals(1, 2), reals(0.5, -1)],
    attributes: { num_groups: 2 },
  }),
  ...[
    [1, 1, 2, 3],
    [1, 1, 2, 2],
    [1, 1, 1.5, 2.5],
  ].flatMap((scales) => [
    ...['nearest', 'linear'].flatMap((mode) => [
      ...versions('Upsample', [7, 8], { inputs: [[1, 2, 3, 4]], attributes: { mode, scales: floats(scales) } }),
      ...versions('Upsample', [9], { inputs: [[1, 2, 3, 4], reals(...scales)], attributes: { mode } }),
      ...versions('Resize', [10], { inputs: [[1, 2, 3, 4], reals(...scales)], attributes: { mode } }),
    ]),
  ]),
  ...versions('Resize', [10], { inputs: [[1, 2, 7, 8], reals(1, 1, 0.6, 0.5)], attributes: { mode: 'nearest' } }),
  ...versions('Resize', [10], { inputs: [[1, 2, 7, 8], reals(1, 1, 0.6, 1.7)], attributes: { mode: 'nearest' } }),
  ...versions('Resize', [10], { inputs: [[1, 2, 7, 8], reals(1, 1, 0.6, 0.5)], attributes: { mode: 'linear' } }),
  ...['half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel'].flatMap((coordinates) =>
    ['nearest', 'linear', 'cubic'].flatMap((mode) => [
      ...versions('Resize', [11, 12], {
        inputs: [[1, 2, 3, 4], reals(), reals(1, 1, 2, 1.6)],
        attributes: { mode, coordinate_transformation_mode: coordinates },
      }),
      ...versions('Resize', [11], {
        inputs: [[1, 2, 6, 4], reals(), reals(), ints(1, 2, 5, 7)],
        attributes: { mode, coordinate_transformation_mode: coordinates },
      }),
    ]),
  ),
  ...versions('Resize', [11], {
    inputs: [[1, 2, 3, 4], reals(), reals(1, 1, 2, 2.5)],
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'tf_half_pixel_for_nn', nearest_mode: 'floor' },
  }),
  ...versions('Resize', [11, 13], {
    inputs: [[1, 2, 6, 6], reals(0, 0, 0.2, 0.1, 1, 1, 0.7, 0.9), reals(1, 1, 0.8, 1)],
    attributes: { mode: 'linear', coordinate_transformation_mode: 'tf_crop_and_resize' },
  }),
  ...versions('Scatter', [9, 10], {
    inputs: [[3, 4], tensor('int64', [2, 2], [0, 1, 2, 0]), tensor('float32', [2, 2], [1, 2, 3, 4])],
    attributes: { axis: 0 },
  }),
  ...['bilinear', 'nearest', 'bicubic'].flatMap((mode) =>
    versions('GridSample', [16, 19], {
      inputs: [
        [1, 2, 4, 5],
        [1, 3, 3, 2],
      ],
      attributes: { mode },
    }),
  ),
  ...versions('RoiAlign', [10, 15], {
    inputs: [[1, 2, 8, 8], tensor('float32', [1, 4], [0.5, 1, 6, 7]), ints(0)],
    attributes: { output_height: 3, output_width: 3 },
  }),
  ...versions('DFT', [17, 19], { inputs: [[1, 6, 4, 1]], attributes: { axis: 2 } }),
  ...versions('DFT', [17], { inputs: [[2, 6, 1]] }),
  ...versions('PRelu', [7, 9], { inputs: [[2, 3, 4], tensor('float32', [3, 1], [0.1, 0.2, 0.3])] }),
  ...versions('Gemm', [7, 9, 11], { inputs: [[2, 3], tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]), reals(1, 2)] }),
  ...versions('AveragePool', [7, 10, 11], { inputs: [[1, 2, 7]], attributes: { kernel_shape: [3], pads: [1, 1] } }),
  ...versions('ArgMax', [7, 11, 12], { inputs: [[2, 5]], attributes: { axis: 1 } }),
  ...versions('Flatten', [7, 9], { inputs: [[2, 3, 4]] }),
  ...versions('ConstantOfShape', [9], { inputs: [ints(2, 3)] }),
  ...versions('OneHot', [9], { inputs: [ints(0, 2), ints(3), reals(0, 1)] }),
]

describe('upgrades', () => {
  it.each(cases)('$op of $version, $attributes', async (old) => {
    expect(await upgradeDifferences(old)).toEqual([])
  })

  it('refuses batch statistics of training, and the first form of Scan', () => {
    const training: OldNode = {
      op: 'BatchNormalization',
      version: 9,
      inputs: [[2, 3], reals(1, 1, 1), reals(0, 0, 0), reals(0, 0, 0), reals(1, 1, 1)],
      outputs: 5,
    }
    const scan: OldNode = { op: 'Scan', version: 8, inputs: [[2, 3]] }
    for (const old of [training, scan])
      expect(() => upgradeNodes(oldGraph(old), old.version)).toThrow(
        expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
      )
  })

  it('leaves graphs of 21 and newer as they are', () => {
    const graph = oldGraph({ op: 'Squeeze', version: 21, inputs: [[2, 1]] })
    expect(upgradeNodes(graph, 21)).toBe(graph)
    expect(upgradeNodes(graph, 23)).toBe(graph)
  })

  it('reaches nested graphs and keeps names', async () => {
    const graphOf = (value: Graph): Attribute => ({ type: 'graph', value })
    const g = graphBuilder()
    const [x, flag] = [g.input('x', 'float32', ['batch', 3, 4]), g.input('flag', 'bool', [])]
    const branch = (op: string) =>
      graphOf({
        name: op,
        nodes: [{ name: op, op, domain: '', inputs: ['x'], outputs: ['picked'], attributes: {} }],
        inputs: [],
        outputs: [{ name: 'picked', dtype: 'float32', dims: undefined }],
        initializers: new Map(),
      })
    g.output('y', g.op('If', [flag], { then_branch: branch('Softmax'), else_branch: branch('Hardmax') }))
    void x
    const old = g.build()
    const upgraded = upgradeNodes(old, 11)
    expect(upgraded.outputs.map(({ name }) => name)).toEqual(['y'])
    const run = async (graph: Graph, version: number, choice: number) => {
      const session = await createSession({ ...modelOf(graph), irVersion: 8, opsets: { '': version } })
      const data = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i))
      const { y } = await session.run({
        x: { dtype: 'float32', dims: [2, 3, 4], data },
        flag: { dtype: 'bool', dims: [], data: Uint8Array.of(choice) },
      })
      await session.release()
      return Array.from(y!.data, Number)
    }
    for (const choice of [0, 1]) {
      const [before, after] = [await run(old, 11, choice), await run(upgraded, 21, choice)]
      expect(Math.max(...before.map((value, i) => Math.abs(value - after[i]!)))).toBeLessThan(1e-6)
    }
  })
})
