import { describe, expect, it } from 'vitest'
import { attacks } from '../../src/attacks/index.ts'
import { defenses } from '../../src/defenses/index.ts'
import { classifierFrom } from '../../src/models/classifier.ts'
import type { Model } from '../../src/onnx/types.ts'
import type { DefenseContext } from '../../src/threat/defense.ts'
import { resolveParameters } from '../../src/threat/parameters.ts'
import { runAttack } from '../../src/threat/runner.ts'
import { memoryStore, type RowStore } from '../../src/training/row-store.ts'
import { digits, model } from '../support/fixtures.ts'

const size = 784
const epsilon = 0.15
const { x, y } = await digits(512)
const net = await model('mnist-cnn')

const rowsOf = (from: number, to: number): RowStore =>
  memoryStore(x.subarray(from * size, to * size), y.slice(from, to))

const context: DefenseContext = {
  source: net.source,
  open: (source, options) => classifierFrom(source, { path: 'digits.onnx', sha256: '', ...options }),
  inputDims: [1, 28, 28],
  training: rowsOf(0, 256),
  validation: rowsOf(384, 448),
  norm: 'linf',
  epsilon,
  low: 0,
  high: 1,
  attack: (id) => attacks.get(id)!,
  seed: 0,
  threads: 1,
  subject: 'digits',
  progress: () => {},
}

/** On rows that nothing was learnt from or chosen by. */
const robustAccuracy = async (source: Model): Promise<number> => {
  const opened = await context.open(source)
  const [from, to] = [448, 512]
  const { clean, broken } = await runAttack({
    attack: attacks.get('pgd')!,
    model: opened,
    x: x.slice(from * size, to * size),
    labels: y.slice(from, to),
    norm: 'linf',
    epsilon,
    low: 0,
    high: 1,
    parameters: { steps: 10 },
  })
  await opened.release()
  return clean.filter((label, row) => label === y[from + row] && !broken[row]).length / (to - from)
}

describe('two short epochs with the PGD of attacks/', async () => {
  const before = await robustAccuracy(net.source)
  const recipe = { epochs: 2, batch: 32, 'learning-rate': 0.05, 'validation-rows': 64, 'validation-steps': 2 }
  it.each([
    ['adversarial-training', { steps: 3 }],
    ['fast-adversarial-training', { 'watch-every': 8, 'watch-rows': 32 }],
  ])('%s withstands more of an attack than the stored net', async (id, more) => {
    const defense = defenses.get(id)!
    const parameters = resolveParameters(id, defense.parameters, { ...recipe, ...more })
    const { model: hardened, stopped } = await defense.run(context, parameters)
    expect(stopped?.reason).toBe('finished')
    expect(await robustAccuracy(hardened)).toBeGreaterThan(before + 0.1)
  })
})
