import { describe, expect, it } from 'vitest'
import { type Random, stream } from '../../base/random.ts'
import { jensenShannon } from '../../stats/two-sample/index.ts'
import { type Cells, type Columns, checkOf, compareColumns } from './testing.ts'

const many = <T>(n: number, draw: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => draw(i))

/** Ten columns of unlike shapes, with missing cells: normal, skewed, heavy tails, ties, codes, common and rare categories. */
const tableOf = (rng: Random, n: number): Columns => {
  const gaps = (cells: Cells): Cells => cells.map((cell) => (rng.uniform() < 0.05 ? null : cell))
  const zipf = (most: number) => `k${Math.min(most, Math.floor(1 / (1 - rng.uniform())))}`
  return {
    normal: many(n, () => rng.normal()),
    skewed: many(n, () => -Math.log(1 - rng.uniform())),
    heavy: many(n, () => rng.normal() / rng.normal()),
    rounded: gaps(many(n, () => Math.round(8 * rng.normal()) / 2)),
    zeros: many(n, () => (rng.uniform() < 0.7 ? 0 : rng.uniform())),
    code: many(n, () => rng.integer(4)),
    coin: gaps(many(n, () => (rng.uniform() < 0.5 ? 'yes' : 'no'))),
    zipf: many(n, () => zipf(200)),
    rare: many(n, () => (rng.uniform() < 0.01 ? 'odd' : 'usual')),
    label: many(n, () => `class ${rng.integer(3)}`),
  }
}

const failuresIn = (n: number, runs: number): number =>
  many(runs, (run) => {
    const [reference, current] = ['reference', 'current'].map((side) => tableOf(stream(5, side, n, run), n))
    return compareColumns(reference, current, { target: 'label' })
  }).filter((checks) => checks.some(({ verdict }) => verdict === 'failed')).length

describe('two samples of one distribution', () => {
  // Where nothing differs, Benjamini-Hochberg at 5 % lets at most 5 % of the runs find anything: 10 of 200.
  it.each([50, 1_000])('fail in no more than 10 of 200 runs at %d rows', (n) => {
    expect(failuresIn(n, 200)).toBeLessThanOrEqual(10)
  })

  it('pass at 2,000 rows, and are inconclusive at 10', () => {
    const checks = (n: number) => compareColumns(tableOf(stream(1, 'a'), n), tableOf(stream(1, 'b'), n))
    const large = checks(2_000).filter(({ id }) => !id.startsWith('zipf') && !id.startsWith('rare'))
    expect(large.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    const small = checks(10).filter(({ id }) => /distribution|missing|categories/.test(id))
    expect(small.filter(({ verdict }) => verdict !== 'inconclusive')).toEqual([])
    for (const { message } of small) expect(message).toMatch(/too few rows: (the smallest effect|no effect)/)
  })
})

describe('a shift', () => {
  const changed = (change: (table: Columns, rng: Random) => Columns, n = 1_000) =>
    compareColumns(tableOf(stream(2, 'a'), n), change(tableOf(stream(2, 'b'), n), stream(2, 'c')), { target: 'label' })
  const map = (cells: Cells, change: (cell: number) => number): Cells =>
    cells.map((cell) => (typeof cell === 'number' ? change(cell) : cell))

  it.each<[string, string, (table: Columns, rng: Random) => Columns]>([
    ['of the mean', 'normal.distribution', (t) => ({ ...t, normal: map(t.normal, (x) => x + 0.5) })],
    ['of the spread', 'normal.distribution', (t) => ({ ...t, normal: map(t.normal, (x) => 2 * x) })],
    ['of a unit', 'skewed.distribution', (t) => ({ ...t, skewed: map(t.skewed, (x) => 1000 * x) })],
    ['to a constant', 'heavy.distribution', (t) => ({ ...t, heavy: t.heavy.map(() => 0) })],
    [
      'of few values, far away',
      'skewed.distribution',
      (t) => ({ ...t, skewed: t.skewed.map((x, i) => (i % 12 === 0 ? 500 : x)) }),
    ],
    [
      'of a share',
      'coin.distribution',
      (t, rng) => ({ ...t, coin: t.coin.map((c) => (rng.uniform() < 0.4 ? 'yes' : c)) }),
    ],
    ['of codes', 'code.distribution', (t) => ({ ...t, code: map(t.code, (c) => Math.min(c, 2)) })],
    [
      'of labels',
      'label.labels',
      (t, rng) => ({ ...t, label: t.label.map((c) => (rng.uniform() < 0.3 ? 'class 0' : c)) }),
    ],
    [
      'of one class',
      'label.class.class 0',
      (t, rng) => ({ ...t, label: t.label.map((c) => (rng.uniform() < 0.3 ? 'class 0' : c)) }),
    ],
    [
      'to missing cells',
      'normal.missing',
      (t) => ({ ...t, normal: t.normal.map((x, i) => (i % 10 === 0 ? null : x)) }),
    ],
    [
      'to a new category',
      'coin.new-categories',
      (t) => ({ ...t, coin: t.coin.map((x, i) => (i % 20 === 0 ? 'maybe' : x)) }),
    ],
    [
      'that loses a category',
      'coin.vanished-categories',
      (t) => ({ ...t, coin: t.coin.map((x) => (x === 'no' ? 'yes' : x)) }),
    ],
    ['from numbers to text', 'normal.type', (t) => ({ ...t, normal: t.normal.map((x, i) => (i === 7 ? 'oops' : x)) })],
  ])('%s is found', (_, id, change) => {
    expect(checkOf(changed(change), id).verdict).toBe('failed')
  })

  it('that is real but tiny does not fail a large table', () => {
    const n = 40_000
    const draw = (key: string, shift: number) =>
      many(n, () => stream(3, key).normal()).map((_, i) => stream(3, key, i).normal() + shift)
    const checks = compareColumns({ x: draw('a', 0) }, { x: draw('b', 0.06) })
    const check = checkOf(checks, 'x.distribution')
    expect(check.verdict).toBe('passed')
    expect(check.message).toContain('a real but small difference')
  })
})

describe('what users of TFDV complain about', () => {
  it('#147: numbers that drift are never "0"', () => {
    const rng = stream(4, 'drift')
    const checks = compareColumns({ x: many(500, () => rng.normal()) }, { x: many(500, () => rng.normal() + 1) })
    const check = checkOf(checks, 'x.distribution')
    expect(check.verdict).toBe('failed')
    expect(check.measured).toBeGreaterThan(0.3)
  })

  it('#216: a large divergence of ten rows of one distribution is not called drift', () => {
    const draw = (key: string, run: number) => many(10, (i) => `k${stream(6, key, run, i).integer(8)}`)
    const divergence = (reference: readonly string[], current: readonly string[]) => {
      const names = [...new Set([...reference, ...current])]
      const counts = (cells: readonly string[]) => names.map((name) => cells.filter((cell) => cell === name).length)
      return jensenShannon({ reference: counts(reference), current: counts(current) })
    }
    const pairs = many(50, (run) => [draw('a', run), draw('b', run)] as const)
    const worst = [...pairs].sort((x, y) => divergence(...y) - divergence(...x))[0]
    expect(divergence(...worst)).toBeGreaterThan(0.43)
    const [reference, current] = worst.map((x) => ({ x }))
    expect(checkOf(compareColumns(reference, current), 'x.distribution').verdict).toBe('inconclusive')
  })

  it('#181: the value is there below the limit too', () => {
    const checks = compareColumns(tableOf(stream(1, 'a'), 2_000), tableOf(stream(1, 'b'), 2_000))
    for (const { verdict, measured, effect, message } of checks.filter(({ id }) => id.endsWith('.distribution'))) {
      expect([verdict, measured, effect, message]).not.toContain(null)
      expect(measured).toBeTypeOf('number')
    }
  })
})

describe('a table and itself', () => {
  it('has no effect anywhere, and fails nothing', () => {
    const table = tableOf(stream(7, 'same'), 300)
    for (const check of compareColumns(table, table, { target: 'label' })) {
      expect(check.verdict).not.toBe('failed')
      expect(check.effect).toBe(0)
    }
  })

  it('is inconclusive where it is empty', () => {
    const checks = compareColumns({ x: [], y: [1, 2] }, { x: [], y: [] })
    expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']))
  })
})
