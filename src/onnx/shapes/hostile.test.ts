import { describe, expect, it } from 'vitest'
import { isBartizanError } from '../../base/errors.ts'
import { type Random, stream } from '../../base/random.ts'
import { tensor } from '../tensor.ts'
import type { Attribute, Dim, DType, Node } from '../types.ts'
import { shapeRules } from './index.ts'
import { inferNode, knownTensor } from './infer.ts'
import type { Known } from './rule.ts'

const attributeNames = [
  ...['allowzero', 'axes', 'axis', 'batch_dims', 'blocksize', 'dilations', 'direction', 'dtype', 'end', 'group'],
  ...['hidden_size', 'keepdims', 'kernel_shape', 'kv_num_heads', 'num_outputs', 'output_padding', 'output_shape'],
  ...['pads', 'perm', 'q_num_heads', 'shape', 'start', 'strides', 'to', 'value', 'equation', 'auto_pad'],
]

const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)]!

const number = (random: Random): number =>
  pick(random, [0, 1, 2, 3, 5, -1, -2, -9, 2 ** 31 - 1, 2 ** 40, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])

const numbers = (random: Random): readonly number[] => Array.from({ length: random.integer(6) }, () => number(random))

const attribute = (random: Random): Attribute =>
  pick<() => Attribute>(random, [
    () => ({ type: 'int', value: number(random) }),
    () => ({ type: 'ints', value: numbers(random) }),
    () => ({ type: 'ints', value: numbers(random) }),
    () => ({ type: 'string', value: pick(random, ['', 'SAME_UPPER', 'ij,jk->ik', '...', '->', 'bidirectional']) }),
    () => ({ type: 'tensor', value: tensor('int64', [1], [3]) }),
    () => ({ type: 'floats', value: [0.5] }),
  ])()

const known = (random: Random): Known | undefined => {
  const dtype = pick<DType>(random, ['float32', 'int64', 'int64', 'bool', 'string', 'undefined'])
  const size = (): Dim => pick<Dim>(random, [0, 1, 2, 3, 4, 8, 'batch', 'seq*2', '?7', 2 ** 40])
  const dims = random.uniform() < 0.1 ? undefined : Array.from({ length: random.integer(6) }, size)
  const list = numbers(random)
  return pick<Known | undefined>(random, [
    undefined,
    { dtype, dims },
    { dtype, dims },
    { dtype, dims },
    knownTensor(tensor('int64', [list.length], list)),
    knownTensor(tensor('int64', [], [number(random)])),
    knownTensor(tensor('float32', [2], [0.5, -3])),
    { dtype: 'int64', dims: [3], elements: [pick(random, ['batch', '?9', 4]), number(random), 'seq'] },
  ])
}

describe('shape rules on inputs that make no sense', () => {
  it.each([...shapeRules.keys()])('%s infers, or says that the graph is invalid', (key) => {
    const [op, domain = ''] = key.split(':').toReversed() as [string, string?]
    for (let i = 0; i < 60; i++) {
      const random = stream('hostile', key, i)
      const node: Node = {
        name: 'node',
        op,
        domain,
        inputs: [],
        outputs: Array.from({ length: random.integer(4) }, (_, j) => `y${j}`),
        attributes: Object.fromEntries(
          Array.from({ length: random.integer(6) }, () => [pick(random, attributeNames), attribute(random)]),
        ),
      }
      const inputs = Array.from({ length: random.integer(6) }, () => known(random))
      let outputs: readonly Known[] = []
      try {
        outputs = inferNode(node, inputs)
      } catch (error) {
        if (!isBartizanError(error, 'GRAPH_INVALID')) throw error
        continue
      }
      expect(outputs).toHaveLength(node.outputs.length)
      for (const { dims } of outputs)
        for (const dim of dims ?? [])
          expect(typeof dim === 'string' || (Number.isSafeInteger(dim) && dim >= 0), `${key} ${i}: ${dims}`).toBe(true)
    }
  })
})
