import { beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../attacks/index.ts'
import { isBartizanError } from '../base/errors.ts'
import { stream } from '../base/random.ts'
import { scratch } from '../base/testing.ts'
import { evasionResultSchema } from '../contract/index.ts'
import { type DataSet, openData, writeNpy } from '../data/index.ts'
import { linearClassifier, proposing } from '../threat/testing.ts'
import { type AttackDataRequest, type AttackedChunk, attackData } from './attack-run.ts'

/** The larger coordinate wins; a third class never does. */
const model = await linearClassifier(
  [
    [1, 0],
    [0, 1],
    [0, 0],
  ],
  [0, 0, -99],
)
const rows = 600
const random = stream('attack-run')
const x = Float32Array.from({ length: 2 * rows }, () => random.uniform())
/** How far the right coordinate is ahead: FGSM in Linf wins exactly where twice the budget exceeds it. */
const lead = Array.from({ length: rows }, (_, row) => Math.abs(x[2 * row]! - x[2 * row + 1]!))
/** Every tenth label is wrong. */
const y = BigInt64Array.from({ length: rows }, (_, row) =>
  BigInt((x[2 * row]! > x[2 * row + 1]! ? 0 : 1) ^ (row % 10 === 0 ? 1 : 0)),
)

/** Whether adding (0.1, -0.1), clipped to the range, puts the other coordinate ahead of the one that is. */
const reachedBy = (row: number): boolean => {
  const [a, b] = [Math.min(1, x[2 * row]! + 0.1), Math.max(0, x[2 * row + 1]! - 0.1)]
  return x[2 * row]! < x[2 * row + 1]! && a > b
}

const at = scratch()
const open = (range?: { from: number; to: number }): Promise<DataSet> =>
  openData({ path: at('x.npy'), labels: at('y.npy'), rows: range })

beforeAll(async () => {
  await writeNpy(at('x.npy'), { dtype: 'float32', shape: [rows, 2], data: x })
  await writeNpy(at('y.npy'), { dtype: 'int64', shape: [rows], data: y })
})

const attackRows = async (request: Partial<AttackDataRequest> = {}, range?: { from: number; to: number }) => {
  const set = await open(range)
  try {
    return await attackData({
      set,
      model,
      attack: attacks.get('fgsm')!,
      norm: 'linf',
      epsilon: 0.1,
      low: 0,
      high: 1,
      ...request,
    })
  } finally {
    await set.close()
  }
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing was thrown',
    (error: unknown) => (isBartizanError(error) ? error.code : error),
  )

describe('attackData', () => {
  it('counts over several chunks what FGSM must reach on a linear model', async () => {
    const { perRow, ...figures } = await attackRows()
    const right = lead.filter((_, row) => row % 10 !== 0)
    // Coordinates near the border of the range can't be moved by the whole budget.
    const reachable = (row: number): number => {
      const [a, b] = x[2 * row]! > x[2 * row + 1]! ? [x[2 * row]!, x[2 * row + 1]!] : [x[2 * row + 1]!, x[2 * row]!]
      return Math.max(0, a - 0.1) - Math.min(1, b + 0.1)
    }
    const expected = Array.from({ length: rows }, (_, row) => row % 10 !== 0 && reachable(row) < 0)
    expect(perRow.broken).toEqual(expected)
    const turned = expected.filter(Boolean).length
    expect(figures.rows).toBe(rows)
    expect(figures.cleanAccuracy).toMatchObject({ value: right.length / rows, n: rows })
    expect(figures.robustAccuracy).toMatchObject({ value: (right.length - turned) / rows, n: rows })
    expect(figures.distance.max).toBeCloseTo(0.1, 6)
    expect(figures.queries).toEqual({ forward: right.length, gradient: right.length })
    const { rows: counted, cleanAccuracy, robustAccuracy, distance, queries } = figures
    evasionResultSchema.parse({ rows: counted, cleanAccuracy, robustAccuracy, distance, queries })
  })

  it('gives chunks in order, with the clean rows beside the attacked ones', async () => {
    const chunks: AttackedChunk[] = []
    await attackRows({ onChunk: (chunk) => void chunks.push(chunk) })
    expect(chunks.map(({ from }) => from)).toEqual([0, 256, 512])
    expect(chunks.reduce((sum, chunk) => sum + chunk.rows, 0)).toBe(rows)
    expect(chunks.flatMap((chunk) => [...chunk.x])).toEqual([...x])
  })

  it('keys random numbers by the row of the file, whatever rows are chosen with it', async () => {
    const collect = async (range?: { from: number; to: number }) => {
      const rows: Float32Array[] = []
      const parameters = { steps: 1, 'early-stop': false }
      const onChunk = (chunk: AttackedChunk) => void rows.push(chunk.adversarial)
      await attackRows({ attack: attacks.get('pgd')!, parameters, onChunk, seed: 3 }, range)
      return rows.flatMap((part) => [...part])
    }
    const [whole, part] = [await collect(), await collect({ from: 300, to: 310 })]
    expect(part).toEqual(whole.slice(600, 620))
  })

  it('stops after the rows that were asked for', async () => {
    const { rows: counted, perRow } = await attackRows({ rows: 260 })
    expect(counted).toBe(260)
    expect(perRow.after).toHaveLength(260)
  })

  it('leaves out rows that already have the target class', async () => {
    const attacked: number[] = []
    const attack = proposing((context) => {
      attacked.push(...context.labels)
      return context.x0.slice()
    })
    const { rows: counted, excluded, perRow } = await attackRows({ attack, targets: 1 })
    const already = [...y].filter((label) => label === 1n).length
    expect(excluded).toBe(already)
    expect(counted).toBe(rows - already)
    expect(new Set(attacked)).toEqual(new Set([0]))
    expect(perRow.labels).toEqual([...y].map(Number))
  })

  it('counts a row as turned by a targeted attack wherever it went, and as broken only at its target', async () => {
    // Every row is sent to the other coordinate's class; class 2, which is next to class 1, is never reached.
    const attack = proposing(({ x0 }) => x0.map((_, i) => x0[i ^ 1]!))
    const { perRow, cleanAccuracy, robustAccuracy, distance } = await attackRows({
      attack,
      epsilon: 1,
      targets: 'next',
    })
    expect(robustAccuracy.value).toBe(0)
    const right = perRow.labels.map((label, row) => perRow.clean[row] === label)
    expect(perRow.broken).toEqual(perRow.labels.map((label, row) => right[row] && label === 0))
    expect(distance.median).not.toBeNull()
    expect(cleanAccuracy.value).toBeCloseTo(0.9, 10)
  })

  it('counts candidates out of the budget as not turned', async () => {
    const attack = proposing(({ x0 }) => x0.map((_, i) => x0[i ^ 1]!))
    const { refused, perRow, cleanAccuracy, robustAccuracy } = await attackRows({ attack, epsilon: 0.01 })
    const far = lead.filter((size, row) => size > 0.01 && row % 10 !== 0).length
    expect(refused).toBe(far)
    expect(perRow.broken.filter(Boolean)).toHaveLength(Math.round((cleanAccuracy.value - robustAccuracy.value) * rows))
  })

  it.each([
    ['a target that is no class', { targets: 3 }, 'USAGE'],
    ['values outside the declared range', { high: 0.5 }, 'DATA_OUT_OF_RANGE'],
    ['a norm that the attack does not know', { norm: 'l0' }, 'ATTACK_NOT_APPLICABLE'],
  ] as const)('refuses %s', async (_, request, code) => {
    expect(await codeOf(attackRows(request))).toBe(code)
  })

  it('refuses rows that are all at the target already', async () => {
    const first = [...y].indexOf(1n)
    expect(await codeOf(attackRows({ targets: 1 }, { from: first, to: first + 1 }))).toBe('USAGE')
  })

  it('reports progress that only grows and ends at 1', async () => {
    const seen: number[] = []
    await attackRows({ progress: (done) => seen.push(done) })
    expect(seen.length).toBeGreaterThan(2)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
  })

  it('judges a change for all rows on rows that it was not made from, and says so', async () => {
    const universal = attacks.get('universal')!
    const { fitted, perRow, rows: counted, cleanAccuracy } = await attackRows({ attack: universal, rows: 100 })
    expect(fitted).toMatchObject({ kind: 'perturbation', fitRows: 50, judgedRows: 50, overlap: 0, shape: [2] })
    expect(fitted!.norms!.linf).toBeCloseTo(0.1, 6)
    expect([counted, cleanAccuracy.n, perRow.apart.length]).toEqual([50, 50, 50])
    for (const row of perRow.apart) expect([perRow.right[row], perRow.broken[row]]).toEqual([false, false])
    expect(fitted!.shownRows).toBe(perRow.apart.filter((row) => row % 10 !== 0).length)
    expect(fitted!.queries!.gradient).toBeGreaterThan(0)
  })

  it('says how many rows it was made from and judged on, where they are not kept apart', async () => {
    const universal = attacks.get('universal')!
    const { fitted, rows: counted } = await attackRows({ attack: universal, rows: 20 })
    expect([fitted!.fitRows, fitted!.judgedRows, fitted!.overlap, counted]).toEqual([20, 20, 20, 20])
    const given = await attackRows({ attack: universal, rows: 20, fitted: Float32Array.of(0.1, -0.1) })
    expect(given.fitted).toMatchObject({ judgedRows: 20, norms: { linf: Math.fround(0.1) } })
    expect(given.fitted).not.toHaveProperty('fitRows')
    const broken = lead.slice(0, 20).map((_, row) => row % 10 !== 0 && reachedBy(row))
    expect(given.perRow.broken).toEqual(broken)
  })

  it('tells how the distances of the smallest changes lie', async () => {
    const { distance } = await attackRows({ attack: attacks.get('deepfool')!, norm: 'l2', epsilon: 2, rows: 60 })
    expect(distance.quantiles!.map(({ share }) => share)).toEqual([0.1, 0.25, 0.5, 0.75, 0.9])
    expect(distance.quantiles![2]!.distance).toBe(distance.median)
    const { distance: single } = await attackRows({ rows: 60 })
    expect(single).not.toHaveProperty('quantiles')
  })
})
