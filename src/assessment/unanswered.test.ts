import { beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../attacks/index.ts'
import { scratch } from '../base/testing.ts'
import { openData, writeNpy } from '../data/index.ts'
import { type Classifier, classifierFrom } from '../models/classifier.ts'
import { graphBuilder } from '../onnx/builder.ts'
import { modelOf } from '../onnx/session.ts'
import { attackData } from './attack-run.ts'
import { checkSameAnswer } from './diagnostics/randomised.ts'
import { evasionResultOf } from './evasion-result.ts'
import type { ProbeRecord } from './probe-record.ts'
import { measureClean } from './subject.ts'
import { answersThatAreNaN } from './unanswered.ts'

/** Logits √(0.5 - u) and 0.1: class 0 up to u = 0.49, class 1 up to 0.5, and NaN beyond. */
const model: Classifier = await (async () => {
  const g = graphBuilder()
  const x = g.input('x', 'float32', ['batch', 1])
  const root = g.op('Sqrt', [g.add(g.neg(x), 0.5)])
  g.output('logits', g.concat([root, g.add(g.mul(x, 0), 0.1)], 1))
  return classifierFrom(modelOf(g.build(['logits'])), { path: 'root.onnx', sha256: '' })
})()

const at = scratch()
beforeAll(async () => {
  const write = (name: string, data: readonly number[]) =>
    writeNpy(at(`${name}.npy`), { dtype: 'float32', shape: [data.length, 1], data: Float32Array.from(data) })
  await write('good', [0.1, 0.2, 0.44, 0.47])
  await write('bad', [0.1, 0.6, 0.2, 0.9])
  await writeNpy(at('y.npy'), { dtype: 'int64', shape: [4], data: BigInt64Array.of(0n, 0n, 0n, 0n) })
})
const open = (name: string) => openData({ path: at(`${name}.npy`), labels: at('y.npy') })
const input = { range: [0, 1] as [number, number], units: 'input units', shape: [1] }

describe('a model that answers NaN', () => {
  it('to clean rows is refused, with the rows counted', async () => {
    const set = await open('bad')
    await expect(measureClean({ model, set, input, close: async () => {} }, undefined)).rejects.toMatchObject({
      code: 'MODEL_OUTPUT_INVALID',
      message: expect.stringMatching(/NaN for row 1 of .*bad\.npy and 1 more: 2 of 4 rows/),
    })
    await set.close()
  })

  it('to changed rows is told of, with how often, and those rows are not broken', async () => {
    const set = await open('good')
    const run = await attackData({
      ...{ set, model, attack: attacks.get('fgsm')!, norm: 'linf', epsilon: 0.1, low: 0, high: 1 },
    })
    await set.close()
    const result = evasionResultOf(run)
    expect(result.answeredNaN).toBe(2)
    expect(run.perRow.broken).toEqual([false, false, false, false])
    const [told] = answersThatAreNaN([{ id: 'fgsm-linf-0.1', result } as ProbeRecord])
    expect(told).toMatchObject({ probe: 'fgsm-linf-0.1', flag: { id: 'answers-nan', measured: 0.5 } })
    expect(told!.flag.message).toContain('NaN to 2 of 4 changed rows (50.0 %)')
  })
})

describe('a model that changes its answer', () => {
  const records = (['gradients', 'scores', 'labels', 'nothing'] as const).map(
    (access) => ({ id: access, attack: access, access, params: {} }) as ProbeRecord,
  )

  it('casts doubt on every attack that asks it', () => {
    const fired = checkSameAnswer(0.25, records)
    expect(fired.map(({ probe }) => probe)).toEqual(['gradients', 'scores', 'labels'])
    for (const { flags } of fired) expect(flags[0]!.message).toContain('25.0 % of the rows')
    expect(fired[1]!.flags[0]!.message).toContain('scores compares answers of single draws')
    expect(checkSameAnswer(0, records).map(({ probe }) => probe)).toEqual(['gradients'])
  })
})
