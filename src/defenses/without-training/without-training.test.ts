import { describe, expect, it } from 'vitest'
import type { Preprocessing } from '../../models/head.ts'
import type { Model } from '../../onnx/types.ts'
import { detectorScores } from '../../threat/scores.ts'
import { targetOf } from '../../threat/target.ts'
import { detectorIn, detectors } from '../detectors/index.ts'
import { temperatureKey } from '../temperature/index.ts'
import { contextOf, harden, pictures, untrained } from '../testing.ts'
import { scaled } from '../training/testing.ts'

const rows = pictures(20, 'without training')
const source = scaled(untrained(), 2)
const preprocessing: Preprocessing = { scale: 2, mean: [0.5], std: [0.5] }
const none = { x: new Float32Array(), labels: new Int32Array() }

const logitsOf = async (model: Model, x: Float32Array, given?: Preprocessing): Promise<readonly number[]> => {
  const opened = await contextOf({ preprocessing: given }).open(model)
  const logits = await targetOf(opened, 'scores').logits(x, x.length / opened.size)
  await opened.release()
  return [...logits]
}
const expectClose = (a: readonly number[], b: readonly number[]): void =>
  expect(a).toEqual(b.map((value) => expect.closeTo(value, 4)))

describe('a transform as a defence', () => {
  it.each([
    ['none', undefined],
    ['outside the file', preprocessing],
  ] as const)('acts on rows in the range that the model takes them, preprocessing: %s', async (_, given) => {
    const { model, notes } = await harden('bit-depth', contextOf({ source, preprocessing: given }), { bits: 2 })
    const rounded = rows.x.map((value) => Math.round(3 * value) / 3)
    const [hardened, expected, before] = [
      await logitsOf(model, rows.x, given),
      await logitsOf(source, rounded, given),
      await logitsOf(source, rows.x, given),
    ]
    expectClose(hardened, expected)
    expect(before).not.toEqual(expected)
    expect(notes).toEqual([])
  })

  it('says so where every run draws anew', async () => {
    const { notes } = await harden('random-resize-pad', contextOf())
    expect(notes.join(' ')).toMatch(/draws anew/)
  })
})

describe('temperature scaling as a defence', () => {
  it('divides the logits by what it says, fitted on validation rows', async () => {
    const { model, notes } = await harden('temperature-scaling', contextOf({ source }), { rows: 40 })
    const temperature = Number(model.metadata[temperatureKey])
    expect(notes[0]).toContain(`divided by ${temperature.toPrecision(3)} `)
    expect(notes[0]).toContain('on 40 rows')
    const before = await logitsOf(source, rows.x)
    expect(Math.abs(Math.log(temperature))).toBeGreaterThan(0.1)
    expectClose(
      await logitsOf(model, rows.x),
      before.map((z) => z / temperature),
    )
  })

  it('needs validation rows', async () => {
    const context = contextOf({ validation: none })
    await expect(harden('temperature-scaling', context)).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('quantisation as a defence', () => {
  it('rounds, and counts the layers', async () => {
    const { model, notes } = await harden('quantisation', contextOf({ source }), { 'weight-bits': 7, rows: 50 })
    expect(notes).toEqual(['Of 3 layers, 3 compute in 8 bits.'])
    expect(Object.values(model.metadata).join()).toMatch(/7-bit weights.*50 rows/)
    const [before, after] = [await logitsOf(source, rows.x), await logitsOf(model, rows.x)]
    const largest = Math.max(...before.map(Math.abs))
    expect(after).not.toEqual(before)
    for (const [i, value] of after.entries()) expect(Math.abs(value - before[i]!)).toBeLessThan(0.1 * largest)
  })
})

describe.each([...detectors.keys()])('the detector %s as a defence', (id) => {
  it.each([
    ['none', undefined],
    ['outside the file', preprocessing],
  ] as const)(
    'flags at most the stated share of the rows that set its threshold, preprocessing: %s',
    async (_, given) => {
      const context = contextOf({ source, preprocessing: given })
      const { model } = await harden(`detector-${id}`, context, { 'false-positive-rate': 0.1 })
      const deployed = detectorIn(model)!
      expect(deployed.id).toBe(id)
      const opened = await context.open(model)
      const { x, labels } = pictures(60, 'validation')
      const flagged = (await detectorScores(opened, deployed.detector, x, labels.length)).filter(
        (score) => score > deployed.threshold + 1e-4 * Math.abs(deployed.threshold),
      ).length
      expect(flagged).toBeLessThanOrEqual(6)
      // Uniform noise is no picture; a score that is the same for everything would flag nothing at any threshold.
      expect(new Set(await detectorScores(opened, deployed.detector, x, labels.length)).size).toBeGreaterThan(3)
      await opened.release()
      expectClose(await logitsOf(model, rows.x, given), await logitsOf(source, rows.x, given))
    },
  )

  it('says when the validation rows are too few', async () => {
    const wanted = harden(`detector-${id}`, contextOf(), { 'false-positive-rate': 0.001 })
    await expect(wanted).rejects.toMatchObject({ code: 'USAGE' })
  })
})
