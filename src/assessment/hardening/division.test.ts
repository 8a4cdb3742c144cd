import { describe, expect, it } from 'vitest'
import { memoryStore, type RowStore } from '../../training/row-store.ts'
import { divide, sampleOf } from './division.ts'

/** Rows of two values; `label` is the class of each. */
const storeOf = (values: readonly number[], label = (row: number) => row % 4): RowStore =>
  memoryStore(
    Float32Array.from(values.flatMap((value) => [value, 0])),
    Int32Array.from(values, (_, row) => label(row)),
  )

const distinct = (rows: number, from = 0) => Array.from({ length: rows }, (_, row) => from + row)

describe('divide', () => {
  it('puts every row into one part, each class by the same share', async () => {
    const store = storeOf(distinct(400))
    const { training, validation, assessment, repeated } = await divide(store, undefined, 5)
    expect([...training, ...validation, ...assessment].sort((a, b) => a - b)).toEqual(distinct(400))
    expect([training.length, validation.length, assessment.length, repeated]).toEqual([288, 32, 80, 0])
    for (const part of [training, validation, assessment])
      for (const label of [0, 1, 2, 3])
        expect(part.filter((row) => store.labels[row] === label)).toHaveLength(part.length / 4)
    expect(await divide(store, undefined, 5)).toEqual({ training, validation, assessment, repeated })
    expect((await divide(store, undefined, 6)).assessment).not.toEqual(assessment)
  })

  it('holds back no more rows than an assessment needs', async () => {
    const { assessment, validation } = await divide(storeOf(distinct(40_000)), undefined, 0)
    expect([assessment.length, validation.length]).toEqual([2000, 1000])
  })

  it('keeps rows that equal one of the assessment from whatever learns', async () => {
    const { training, validation, assessment, repeated } = await divide(
      storeOf(distinct(100)),
      storeOf(distinct(30, 90)),
      0,
    )
    expect(repeated).toBe(10)
    expect(assessment).toHaveLength(30)
    expect([...training, ...validation].sort((a, b) => a - b)).toEqual(distinct(90))
  })

  it('refuses data that leave nothing to learn from', async () => {
    await expect(divide(storeOf(distinct(50)), storeOf(distinct(60)), 0)).rejects.toMatchObject({
      code: 'DATA_SHAPE_MISMATCH',
      hint: expect.stringContaining('50 rows of --data equal rows of --test'),
    })
  })
})

describe('sampleOf', () => {
  it('takes rows from everywhere, in their order, since a file may be sorted by class', () => {
    const sample = [...sampleOf(1000, 100, 1)]
    expect(new Set(sample).size).toBe(100)
    expect(sample).toEqual([...sample].sort((a, b) => a - b))
    for (const quarter of [0, 250, 500, 750])
      expect(sample.filter((row) => row >= quarter && row < quarter + 250).length).toBeGreaterThan(10)
    expect(sampleOf(1000, 100, 2)).not.toEqual(sampleOf(1000, 100, 1))
  })

  it('takes all rows where there are no more', () => {
    expect(sampleOf(100, 1000, 1)).toEqual(Int32Array.from(distinct(100)))
  })
})
