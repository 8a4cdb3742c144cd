import { expect, it } from 'vitest'
import { stream } from '../../base/random.ts'
import { accusedRows } from './accused.ts'
import { openEngine } from './engine.ts'
import { planScan } from './plan.ts'
import { findExamples, runScan } from './scan.ts'

it('keeps rows of any number of checks, and counts those of failed ones that are errors once each', async () => {
  const engine = await openEngine({ reads: ['/nowhere/data.csv'] })
  try {
    const rng = stream(1, 'accused')
    const n = 9000
    const checks = Array.from({ length: 70 }, (_, i) => ({
      id: `c${i}`,
      verdict: i % 9 === 4 ? ('inconclusive' as const) : ('failed' as const),
      ...(i % 5 === 2 && { severity: 'warning' as const }),
      measured: 0,
      required: '',
      n,
      message: '',
    }))
    const rowsOf = checks.map((_, i) =>
      Array.from({ length: n }, (_, row) => row).filter(() => rng.uniform() < (i === 0 ? 0.9 : 0.002)),
    )
    const accused = accusedRows(engine)
    // Pieces of all checks in turn, the last rows first.
    for (let from = n; from > 0; from -= 1000)
      for (const [i, { id }] of checks.entries()) {
        const rows = rowsOf[i]!.filter((row) => row < from && row >= from - 1000).reverse()
        await accused.accuse({ check: id, columns: ['v'], rows })
      }
    const plan = await accused.within(await planScan(engine, [], []), checks)
    const relation = `(SELECT i AS "bz:row", 'v' || i AS "bz:src:v" FROM range(${n}) t(i))`
    const result = await runScan(engine, plan, relation)
    const failed = checks.flatMap((check, i) => (check.verdict === 'failed' ? [{ ...check, rows: rowsOf[i]! }] : []))
    expect(plan.accused.map(({ id, rows }) => [id, rows])).toEqual(failed.map(({ id, rows }) => [id, rows.length]))
    expect(result.accused).toEqual(failed.map(({ rows }) => rows.length))
    const errors = new Set(failed.flatMap(({ severity, rows }) => (severity === 'warning' ? [] : rows)))
    expect(result).toMatchObject({ rows: n, quarantined: errors.size })
    const examples = await findExamples(engine, plan, relation, result)
    expect(examples).toEqual(
      failed.map(({ id, rows }) => ({
        check: id,
        rows: rows.slice(0, 5).map((row) => ({ row, values: { v: `v${row}` } })),
      })),
    )
  } finally {
    engine.close()
  }
})

it('leaves a plan as it is where no check failed', async () => {
  const engine = await openEngine({ reads: ['/nowhere/data.csv'] })
  try {
    const plan = await planScan(engine, [], [])
    const accused = accusedRows(engine)
    expect(await accused.within(plan, [])).toBe(plan)
    await accused.accuse({ check: 'c', columns: [], rows: [1] })
    expect(
      await accused.within(plan, [{ id: 'c', verdict: 'passed', measured: 1, required: '', n: 2, message: '' }]),
    ).toBe(plan)
  } finally {
    engine.close()
  }
})
