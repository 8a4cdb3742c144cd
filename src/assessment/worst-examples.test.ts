import { describe, expect, it } from 'vitest'
import { stream } from '../base/random.ts'
import { openData, writeNpy } from '../data/index.ts'
import { scratch } from '../data/testing.ts'
import { linearClassifier } from '../threat/testing.ts'
import { worstExamples } from './worst-examples.ts'

/** One coordinate decides: the logit of class 1 is four times it. */
const model = await linearClassifier(
  [
    [0, 0],
    [4, 0],
  ],
  [0, 0],
)
const rows = 600
const random = stream('worst-examples')
const attacked = Float32Array.from({ length: 2 * rows }, () => random.uniform())
const perRow = {
  labels: Array.from({ length: rows }, () => 0),
  clean: Array.from({ length: rows }, () => 0),
  after: Array.from({ length: rows }, () => 1),
  broken: Array.from({ length: rows }, (_, row) => row % 3 === 0),
  distances: Array.from({ length: rows }, (_, row) => row / rows),
  brokenAfter: Array.from({ length: rows }, () => 0),
}

const at = scratch()
const worstOf = async (broken: readonly boolean[]) => {
  await writeNpy(at('clean.npy'), { dtype: 'float32', shape: [rows + 5, 2], data: new Float32Array(2 * rows + 10) })
  await writeNpy(at('attacked.npy'), { dtype: 'float32', shape: [rows, 2], data: attacked })
  const set = await openData({ path: at('clean.npy'), rows: { from: 5, to: rows + 5 } })
  try {
    return await worstExamples({ model, set }, { ...perRow, broken }, at('attacked.npy'))
  } finally {
    await set.close()
  }
}

describe('worstExamples', () => {
  it('is the six most confident of the broken rows, whatever block of the file they stand in', async () => {
    const ranked = [...perRow.broken.keys()]
      .filter((row) => perRow.broken[row])
      .sort((a, b) => attacked[2 * b]! - attacked[2 * a]!)
    const expected = ranked.slice(0, 6)
    expect(new Set(expected.map((row) => Math.floor(row / 256))).size).toBeGreaterThan(1)
    const worst = await worstOf(perRow.broken)
    expect(worst.map(({ row }) => row)).toEqual(expected.map((row) => row + 5))
    for (const [i, row] of expected.entries()) {
      expect(worst[i]).toMatchObject({ label: 0, predicted: 1, distance: row / rows })
      expect(worst[i]!.confidence).toBeCloseTo(1 / (1 + Math.exp(-4 * attacked[2 * row]!)), 5)
    }
  })

  it('is empty where nothing broke, and shorter where little did', async () => {
    expect(await worstOf(perRow.broken.map(() => false))).toEqual([])
    expect((await worstOf(perRow.broken.map((_, row) => row === 599))).map(({ row }) => row)).toEqual([604])
  })
})
