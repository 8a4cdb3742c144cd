import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openData } from '../data/index.ts'
import { classifierFrom } from '../models/classifier.ts'
import { readModel } from '../onnx/read.ts'
import { tensor } from '../onnx/tensor.ts'
import type { Model } from '../onnx/types.ts'
import { figure } from '../stats/index.ts'
import { targetOf } from '../threat/target.ts'
import {
  blackBoxStronger,
  estimatedGradients,
  iterationHelps,
  unboundedBudgetBreaks,
  zeroGradientShare,
  zeroGradients,
} from './flags.ts'
import type { ProbeRecord } from './probe-record.ts'

const record = (
  attack: string,
  access: ProbeRecord['access'],
  broken: readonly boolean[],
  epsilon = 0.1,
): ProbeRecord => {
  const robust = figure(broken.filter((b) => !b).length, broken.length)
  return {
    id: `${attack}-linf-${epsilon}`,
    attack,
    access,
    norm: 'linf',
    epsilon,
    params: { steps: 40 },
    result: {
      rows: broken.length,
      cleanAccuracy: figure(broken.length, broken.length),
      robustAccuracy: robust,
      distance: { norm: 'linf', median: null, mean: null, max: null },
      queries: { forward: 0, gradient: 0 },
    },
    outcome: {
      right: broken.map(() => true),
      broken,
      after: broken.map(Number),
      distances: broken.map(() => 0.1),
      brokenAfter: broken.map(() => 0),
    },
    examples: '',
    worst: [],
    seconds: 0,
  }
}
const rows = (broken: number, of: number): boolean[] => Array.from({ length: of }, (_, row) => row < broken)

describe('blackBoxStronger', () => {
  it('doubts a gradient attack that a query attack beats on the same rows', () => {
    const doubts = blackBoxStronger([
      record('pgd', 'gradients', rows(5, 100)),
      record('square', 'scores', rows(20, 100)),
    ])
    expect(doubts).toMatchObject([{ probe: 'pgd-linf-0.1', flag: { id: 'black-box-stronger', measured: 15 } }])
  })

  it('judges only rows that both attacked, and only budgets that fit', () => {
    const pgd = record('pgd', 'gradients', rows(20, 32))
    expect(
      blackBoxStronger([
        pgd,
        record(
          'square',
          'scores',
          rows(64, 64).map((_, row) => row >= 32),
        ),
      ]),
    ).toEqual([])
    expect(blackBoxStronger([pgd, record('square', 'scores', rows(32, 32), 0.3)])).toEqual([])
  })
})

describe('estimatedGradients', () => {
  it('names the operator whose gradient is passed straight through, and is silent elsewhere', () => {
    const graph = (op: string) => ({
      name: 'g',
      nodes: [{ name: 'n', op, domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }],
      inputs: [],
      outputs: [],
      initializers: new Map(),
    })
    const probe = record('pgd', 'gradients', rows(0, 10))
    expect(estimatedGradients(graph('QuantizeLinear'), [probe])).toMatchObject([
      { probe: probe.id, flag: { id: 'estimated-gradient', message: expect.stringContaining('QuantizeLinear') } },
    ])
    expect(estimatedGradients(graph('Relu'), [probe])).toEqual([])
  })
})

describe('iterationHelps', () => {
  it('doubts steps that do worse than one', () => {
    const fgsm = record('fgsm', 'gradients', rows(50, 100))
    expect(iterationHelps([fgsm, record('pgd', 'gradients', rows(30, 100))])).toHaveLength(1)
    expect(iterationHelps([fgsm, record('pgd', 'gradients', rows(50, 100))])).toEqual([])
  })
})

describe('unboundedBudgetBreaks', () => {
  const curve = (right: number) => ({
    norm: 'linf' as const,
    attack: 'pgd',
    points: [{ epsilon: 1, accuracy: figure(right, 100) }],
  })
  it('doubts accuracy that survives the whole range', () => {
    expect(unboundedBudgetBreaks(curve(60), 10, 'pgd')).toHaveLength(1)
    expect(unboundedBudgetBreaks(curve(5), 10, 'pgd')).toEqual([])
  })
})

describe('zeroGradientShare', () => {
  it('is 0 for an honest network, and near 1 for the same one with saturated logits', async () => {
    const source = readModel(readFileSync('examples/digits/digits.onnx'))
    const set = await openData({
      path: 'examples/digits/images-idx3-ubyte',
      labels: 'examples/digits/labels-idx1-ubyte',
      scale: 1 / 255,
    })
    const { x, y } = await set.read(0, 64)
    await set.close()
    const shareOf = async (model: Model): Promise<number> => {
      const classifier = await classifierFrom(model, { path: '', sha256: '' })
      const share = await zeroGradientShare(targetOf(classifier, 'gradients'), x as Float32Array, y!)
      await classifier.release()
      return share
    }
    expect(await shareOf(source)).toBe(0)
    const share = await shareOf(saturated(source))
    expect(share).toBeGreaterThan(0.9)
    expect(zeroGradients(share, [record('pgd', 'gradients', rows(0, 64))])).toHaveLength(1)
    expect(zeroGradients(0, [record('pgd', 'gradients', rows(0, 64))])).toEqual([])
  })
})

/** Logits a thousand times larger: the same predictions, and a cross-entropy of exactly 0 (Carlini and Wagner 2016). */
const saturated = (model: Model): Model => {
  const [output] = model.graph.outputs
  const nodes = model.graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (name === output!.name ? 'before' : name)),
  }))
  const scale = {
    name: 'scale',
    op: 'Mul',
    domain: '',
    inputs: ['before', 'thousand'],
    outputs: [output!.name],
    attributes: {},
  }
  const initializers = new Map([...model.graph.initializers, ['thousand', tensor('float32', [], [1000])]])
  return { ...model, graph: { ...model.graph, nodes: [...nodes, scale], initializers } }
}
