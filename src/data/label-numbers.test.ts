import { writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { writeNpy } from './formats/npy-write.ts'
import { failure, readAll, scratch } from './testing.ts'

const at = scratch()
const rows = Float32Array.of(1, 2, 3, 4, 5, 6)

it('reads the column of a table that is to be predicted, and feeds the others', async () => {
  await writeFile(at('houses.csv'), 'area,price,rooms\n50,1.5,2\n80,-2.25,3\n')
  const read = await readAll({ path: at('houses.csv'), label: 'price', labelsAs: 'numbers' })
  expect([...read.x]).toEqual([50, 2, 80, 3])
  expect([...read.numbers!]).toEqual([1.5, -2.25])
  expect(read.y).toBeUndefined()
})

it('reads several columns in the order named', async () => {
  await writeFile(at('tags.csv'), 'a,x,b,c\n1,0.5,0,1\n0,0.25,1,1\n')
  const read = await readAll({ path: at('tags.csv'), labelColumns: ['c', 'a'], labelsAs: 'numbers', rows: { from: 1 } })
  expect([...read.x]).toEqual([0.25, 1])
  expect([...read.numbers!]).toEqual([1, 0])
})

it('reads a matrix, or a table, of one row for each row', async () => {
  await writeNpy(at('x.npy'), { dtype: 'float32', shape: [3, 2], data: rows })
  await writeNpy(at('y.npy'), { dtype: 'float64', shape: [3, 2], data: Float64Array.from([0, 1, 1, 1, 0, 0]) })
  await writeFile(at('y.csv'), 'a,b\n0,1\n1,1\n0,0\n')
  for (const labels of [at('y.npy'), at('y.csv')])
    expect([...(await readAll({ path: at('x.npy'), labels, labelsAs: 'numbers' })).numbers!]).toEqual([
      0, 1, 1, 1, 0, 0,
    ])
  const second = await readAll({ path: at('x.npy'), labels: `${at('y.csv')}#b`, labelsAs: 'numbers' })
  expect([...second.numbers!]).toEqual([1, 1, 0])
})

it('refuses numbers that are missing, of another count, or columns of what has none', async () => {
  await writeNpy(at('x.npy'), { dtype: 'float32', shape: [3, 2], data: rows })
  await writeNpy(at('nan.npy'), { dtype: 'float32', shape: [3], data: Float32Array.of(1, Number.NaN, 2) })
  await writeNpy(at('two.npy'), { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) })
  const open = (labels: string) => readAll({ path: at('x.npy'), labels: at(labels), labelsAs: 'numbers' })
  expect((await failure('DATA_CORRUPT', () => open('nan.npy'))).message).toContain('row 1')
  await failure('DATA_SHAPE_MISMATCH', () => open('two.npy'))
  await failure('CONFIG_INVALID', () => readAll({ path: at('x.npy'), labelColumns: ['a'], labelsAs: 'numbers' }))
})
