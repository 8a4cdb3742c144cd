import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { openData, writeNpz } from '../../data/index.ts'
import { fitOutliers } from './detector.ts'
import { outlierDetectors } from './detectors/index.ts'
import { fitMemory, fitOnDataSet, scoreDataSet } from './streaming.ts'
import { normalRows } from './testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'bartizan-outliers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const rows = normalRows(9000, 3, 'stream')
const written = async (name: string, data: Float32Array) => {
  const path = join(folder, name)
  await writeNpz(path, { x: { dtype: 'float32', shape: [9000, 3], data } })
  return openData({ path })
}

describe('a data set, in batches', () => {
  it('has the scores that its rows have in memory', async () => {
    const set = await written('rows.npz', rows.values)
    const detector = outlierDetectors.get('ecod')!
    const fitted = await fitOnDataSet(detector, set, { seed: 1 })
    const expected = await (await fitOutliers(detector, rows, { random: stream(1) })).score(rows)
    const scores = new Float64Array(9000)
    for await (const batch of scoreDataSet(fitted, set)) scores.set(batch.scores, batch.from)
    expect(scores).toEqual(expected)
    await set.close()
  })

  it('gives Isolation Forest a sample: as many rows as its trees look at', async () => {
    const set = await written('sample.npz', rows.values)
    const forest = outlierDetectors.get('isolation-forest')!
    const parameters = { trees: 10, sample: 64 }
    const allowed = fitMemory(forest, { rows: 9000, width: 3 }, parameters)
    expect(allowed).toBe(fitMemory(forest, { rows: 640, width: 3 }, parameters))
    const fitted = await fitOnDataSet(forest, set, { seed: 1, parameters, memory: allowed })
    for await (const { scores } of scoreDataSet(fitted, set)) expect(scores.every((s) => s > 0 && s <= 1)).toBe(true)
    await set.close()
  })

  it('is refused before it is read where the fit would take more memory than allowed', async () => {
    const set = await written('large.npz', rows.values)
    const refused = fitOnDataSet(outlierDetectors.get('lof')!, set, { seed: 1, memory: 1000 })
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await set.close()
  })

  it('is refused with the place of a value that is no number', async () => {
    const values = rows.values.slice()
    values[5000 * 3 + 1] = Number.NaN
    const set = await written('nan.npz', values)
    await expect(fitOnDataSet(outlierDetectors.get('hbos')!, set, { seed: 1 })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining('5000'),
    })
    await set.close()
  })
})
