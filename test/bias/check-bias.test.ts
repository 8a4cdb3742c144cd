import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { stream } from '../../src/base/random.ts'
import type { BiasResult } from '../../src/contract/bias-result.ts'
import { checkBias } from '../../src/screening/bias/index.ts'
import { inFolder, reference, repeated } from './rows.ts'

const gap = (result: BiasResult, metric: string, grouping = 0) =>
  result.groupings[grouping]!.gaps.find((each) => each.metric === metric)!

const toParquet = async (csv: string, parquet: string) => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT * FROM read_csv('${csv}')) TO '${parquet}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}

const referenceCsv = [
  'g,y,p,s,x',
  ...reference.groups.map((g, i) =>
    [g, reference.labels[i], reference.predictions[i], reference.scores[i], i % 4].join(','),
  ),
].join('\n')

const options = { protected: ['g'], label: 'y', predictions: 'p', scores: 's', minGroup: 1 } as const

describe('a file in any format', () => {
  it('gives the same figures as CSV, TSV, JSONL and Parquet', async () => {
    await inFolder(async (write, folder) => {
      const csv = await write('rows.csv', referenceCsv)
      const [head, ...lines] = referenceCsv.split('\n').map((line) => line.split(','))
      const jsonl = lines.map((line) =>
        JSON.stringify(Object.fromEntries(line.map((cell, i) => [head![i], i === 0 ? cell : Number(cell)]))),
      )
      const paths = [
        csv,
        await write('rows.tsv', referenceCsv.replaceAll(',', '\t')),
        await write('rows.jsonl', jsonl.join('\n')),
        `${folder}/rows.parquet`,
      ]
      await toParquet(csv, paths[3]!)
      const results = await Promise.all(paths.map((path) => checkBias(path, options)))
      const figures = results.map(({ groupings, individual, proxies }) => ({ groupings, individual, proxies }))
      expect(figures[0]!.groupings[0]!.gaps.length).toBe(10)
      for (const other of figures.slice(1)) expect(other).toEqual(figures[0])
      expect(gap(results[3]!, 'demographic-parity').difference.betweenGroups!.value).toBeCloseTo(4 / 15, 12)
      const errors = results[0]!.groupings[0]!.groups.map(({ calibration }) => calibration!.expectedError.value)
      for (const [i, error] of [0.305, 0.3416666666666666, 0.3875].entries()) expect(errors[i]).toBeCloseTo(error, 9)
    })
  })
  it('gives the same result twice', async () => {
    await inFolder(async (write) => {
      const csv = await write('rows.csv', referenceCsv)
      expect(JSON.stringify(await checkBias(csv, options))).toBe(JSON.stringify(await checkBias(csv, options)))
    })
  })
})

describe('what is missing', () => {
  it('is counted: labels and predictions are left out of their rates, protected values are a group', async () => {
    await inFolder(async (write) => {
      const csv = repeated(
        'sex,y,p',
        ['f,1,1', 40],
        ['f,0,', 30],
        ['m,1,0', 50],
        ['m,,1', 20],
        [',1,1', 5],
        ['" ",0,0', 4],
      )
      const result = await checkBias(await write('rows.csv', csv), { protected: ['sex'], label: 'y', predictions: 'p' })
      expect(result.rows).toEqual({ read: 149, labelled: 129, predicted: 119, scored: 0, missing: { sex: 9 } })
      const [f, m, missing] = result.groupings[0]!.groups
      expect([f!.rates.baseRate!.value, f!.rates.baseRate!.n]).toEqual([40 / 70, 70])
      expect([f!.rates.selectionRate!.value, f!.rates.selectionRate!.n]).toEqual([1, 40])
      expect([m!.rates.baseRate!.n, m!.rates.selectionRate!.n]).toEqual([50, 70])
      expect([missing!.id, missing!.rows, missing!.tooSmall, missing!.values]).toEqual([
        'sex=(missing)',
        9,
        true,
        { sex: null },
      ])
      expect(result.notes.length).toBe(3)
    })
  })
  it('a table of one label or of one group is inconclusive', async () => {
    await inFolder(async (write) => {
      const same = await write('same.csv', repeated('g,y', ['a,0', 2000], ['b,0', 2000]))
      expect((await checkBias(same, { protected: ['g'], label: 'y' })).verdict).toBe('inconclusive')
      const one = await write('one.csv', repeated('g,y', ['a,0', 2000], ['a,1', 2000]))
      expect((await checkBias(one, { protected: ['g'], label: 'y' })).verdict).toBe('inconclusive')
    })
  })
})

describe('labels in words', () => {
  it('need the positive value named, and the values are told', async () => {
    await inFolder(async (write) => {
      const path = await write('rows.csv', repeated('g,y', ['a,yes', 60], ['a,no', 40], ['b,yes', 50], ['b,no', 50]))
      await expect(checkBias(path, { protected: ['g'], label: 'y' })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        data: { values: ['no', 'yes'] },
      })
      const result = await checkBias(path, { protected: ['g'], label: 'y', positive: ['yes'] })
      expect(gap(result, 'statistical-parity').difference.betweenGroups!.value).toBeCloseTo(0.1, 12)
    })
  })
})

describe('numbers as protected values', () => {
  const csv = `age,y\n${Array.from({ length: 200 }, (_, i) => `${i % 80},${i % 2}`).join('\n')}\n`
  it('need bins beyond 20 values, and keep their order', async () => {
    await inFolder(async (write) => {
      const path = await write('rows.csv', csv)
      await expect(checkBias(path, { protected: ['age'], label: 'y' })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
      })
      const { groupings } = await checkBias(path, { protected: ['age'], label: 'y', bins: { age: [9, 18, 65] } })
      expect(groupings[0]!.groups.map(({ id, rows }) => [id, rows])).toEqual([
        ['age=below 9', 27],
        ['age=9 to below 18', 27],
        ['age=18 to below 65', 116],
        ['age=65 and above', 30],
      ])
    })
  })
  it('refuse text where numbers are to be binned', async () => {
    await inFolder(async (write) => {
      const path = await write('rows.csv', `${csv}old,1\n`)
      await expect(checkBias(path, { protected: ['age'], label: 'y', bins: { age: [18] } })).rejects.toMatchObject({
        code: 'DATA_CORRUPT',
        data: { column: 'age' },
      })
    })
  })
})

describe('the shares of groups', () => {
  const csv = repeated('sex,y', ['f,1', 150], ['f,0', 150], ['m,1', 350], ['m,0', 350])
  it.each([
    ['reference.yaml', 'sex: {f: 0.51, m: 0.49}\n'],
    ['reference.csv', 'attribute,value,share\nsex,f,5100\nsex,m,4900\n'],
  ])('are held against %s', async (name, text) => {
    await inFolder(async (write) => {
      const path = await write('rows.csv', csv)
      const result = await checkBias(path, { protected: ['sex'], label: 'y', reference: await write(name, text) })
      const { representation, groups } = result.groupings[0]!
      expect(representation!.gap.value).toBeCloseTo(0.21, 12)
      expect(representation!.totalVariation).toBeCloseTo(0.21, 12)
      expect(representation!.verdict).toBe('failed')
      expect(groups.map(({ reference: share }) => share)).toEqual([0.51, 0.49])
      expect(gap(result, 'statistical-parity').verdict).toBe('passed')
      expect(result.verdict).toBe('failed')
    })
  })
  it('count a group that nobody belongs to', async () => {
    await inFolder(async (write) => {
      const shares = await write('r.yaml', 'sex: {f: 0.3, m: 0.5, x: 0.2}\n')
      const result = await checkBias(await write('rows.csv', csv), {
        protected: ['sex'],
        label: 'y',
        reference: shares,
      })
      expect(result.groupings[0]!.representation!.totalVariation).toBeCloseTo(0.2, 12)
    })
  })
  it.each([
    ['bad.yaml', 'sex: [1, 2]\n'],
    ['bad.yaml', 'sex: {f: 0, m: 0}\n'],
    ['bad.yaml', 'a: &a {f: 1}\nb: *a\n'],
    ['bad.csv', 'value,share\nf,1\n'],
    ['bad.csv', 'attribute,value,share\nsex,f,-1\n'],
    ['bad.csv', 'attribute,value,share\nsex,f,1\nsex,f,1\n'],
  ])('refuse %s: %j', async (name, text) => {
    await inFolder(async (write) => {
      const shares = await write(name, text)
      const path = await write('rows.csv', csv)
      await expect(checkBias(path, { protected: ['sex'], label: 'y', reference: shares })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
      })
    })
  })
})

describe('proxies', () => {
  it('flags the columns that tell the group, and none of 24 that don’t', async () => {
    await inFolder(async (write) => {
      const random = stream(1, 'rows')
      const noise = Array.from({ length: 24 }, (_, i) => `n${i}`)
      const lines = Array.from({ length: 500 }, (_, row) => {
        const f = random.uniform() < 0.5
        const job = random.uniform() < 0.8 === f ? 'nurse' : 'driver'
        const height = random.normal() * 7 + (f ? 165 : 178)
        const gap = f && random.uniform() < 0.7 ? '' : 'known'
        const rest = noise.map((_, i) => (i % 2 ? random.integer(5) : random.normal().toFixed(3)))
        return [f ? 'f' : 'm', random.integer(2), `row${row}`, job, height.toFixed(1), gap, ...rest].join(',')
      })
      const path = await write('rows.csv', [['g,y,id,job,height,blank', ...noise].join(','), ...lines].join('\n'))
      const { proxies } = await checkBias(path, { protected: ['g'], label: 'y' })
      expect(proxies.length).toBe(28)
      const flagged = proxies.filter((proxy) => proxy.flagged)
      expect(flagged.map(({ column }) => column).sort()).toEqual(['blank', 'height', 'job'])
      const [job] = flagged.filter(({ column }) => column === 'job')
      expect(job!.balancedAccuracy.value).toBeGreaterThan(0.75)
      expect(job!.balancedAccuracy.value).toBeLessThan(0.85)
      expect(proxies.find(({ column }) => column === 'id')!.skill).toBeCloseTo(0, 10)
      const ignoring = await checkBias(path, { protected: ['g'], label: 'y', ignore: ['height', 'id'] })
      expect(ignoring.proxies.length).toBe(26)
    })
  })
})

describe('what is asked wrongly', () => {
  const csv = repeated('g,h,y,s', ['a,1,1,0.5', 40], ['b,2,0,1.5', 40])
  it.each([
    [{ protected: ['G1'], label: 'y' }, 'CONFIG_INVALID'],
    [{ protected: ['g', 'g'], label: 'y' }, 'CONFIG_INVALID'],
    [{ protected: ['g'] }, 'CONFIG_INVALID'],
    [{ protected: ['g'], label: 'g' }, 'CONFIG_INVALID'],
    [{ protected: ['g'], label: 'y', bins: { h: [1] } }, 'CONFIG_INVALID'],
    [{ protected: ['h'], label: 'y', bins: { h: [2, 1] } }, 'CONFIG_INVALID'],
    [{ protected: ['g'], label: 'y', privileged: { g: 'zz' } }, 'CONFIG_INVALID'],
    [{ protected: ['g'], label: 'y', privileged: { h: '1' } }, 'CONFIG_INVALID'],
    [{ protected: ['g'], label: 'y', ignore: ['no'] }, 'CONFIG_INVALID'],
    [{ protected: ['g'], scores: 's' }, 'DATA_OUT_OF_RANGE'],
    [{ protected: ['g'], predictions: 'y', reweigh: 'x.csv' }, 'USAGE'],
    [{ protected: ['g'], label: 'y', reweigh: 'x.txt' }, 'USAGE'],
    [{ protected: ['g'], label: 'y', resample: 'x.csv', sampling: 'preferential' }, 'USAGE'],
    [{ protected: ['g'], label: 'y', resample: 'x.csv', reweigh: 'x.csv' }, 'USAGE'],
  ] as const)('%j is %s', async (asked, code) => {
    await inFolder(async (write) => {
      await expect(checkBias(await write('rows.csv', csv), asked)).rejects.toMatchObject({ code })
    })
  })
  it('an empty table is bad data', async () => {
    await inFolder(async (write) => {
      const path = await write('rows.csv', 'g,y\n')
      await expect(checkBias(path, { protected: ['g'], label: 'y' })).rejects.toMatchObject({ code: 'DATA_CORRUPT' })
    })
  })
})
